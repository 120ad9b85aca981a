package io.millrace.cli.drill;

import java.util.List;
import java.util.Map;

/**
 * What a drill did and what became of it; also its JSON.
 *
 * @param format version of this layout, 1
 * @param ok whether nothing was lost or doubled and the flow went on after each step
 * @param seed of the plan
 * @param kills by victim
 * @param phases kills of ingest by the phase that they hit
 * @param steps in their order
 * @param recovery how long it took until the flow went on
 * @param audit what was found at the end
 */
record DrillReport(
    int format,
    boolean ok,
    long seed,
    Map<String, Long> kills,
    Map<String, Long> phases,
    List<Step> steps,
    Recovery recovery,
    Audit audit) {
  static final int FORMAT = 1;

  /**
   * One step.
   *
   * @param number from 1
   * @param planned what the plan said
   * @param victim who was killed; null for another fault
   * @param fault the fault; null for a kill
   * @param at when it happened, ISO 8601
   * @param phase what ingest was doing; for a kill at a point, what begins there
   * @param point the point that held ingest; null for a random moment
   * @param recoveredMillis from the kill of ingest or producer, or from when the broker was back,
   *     to the next commit of new records; -1 where there was none in time
   * @param lost records that the audit after it missed
   * @param duplicated rows too many by the audit after it
   * @param failure what else should not have been; null where nothing was
   * @param note what else is to be said; null where nothing is
   */
  record Step(
      int number,
      String planned,
      String victim,
      String fault,
      String at,
      String phase,
      String point,
      long recoveredMillis,
      long lost,
      long duplicated,
      String failure,
      String note) {
    boolean ok() {
      return lost == 0 && duplicated == 0 && failure == null;
    }
  }

  /**
   * Medians in milliseconds; -1 where nothing of the kind happened.
   *
   * @param plainStart from the start of a process to its first commit, without a kill before
   * @param ingest from SIGKILL of ingest to the next commit
   * @param broker from the broker's first answer to the next commit
   * @param stall from the end of a stall to the next commit
   * @param producer from SIGKILL of the producer to the next commit
   * @param faults from the end of each kind of fault to the next commit
   * @param worst of all of them
   */
  record Recovery(
      long plainStart,
      long ingest,
      long broker,
      long stall,
      long producer,
      Map<String, Long> faults,
      long worst) {}

  /**
   * @param verdict of verify, over all that is in the table
   * @param rows of the table, by verify
   * @param deadLetters by verify
   * @param lost by verify
   * @param duplicated by verify
   * @param acknowledged records that producers, killed ones included, had counted as acknowledged
   * @param acknowledgedMissing how many of these the topic lacks
   * @param independent by a reader of Delta's log and Parquet that shares no code with verify
   * @param findings of verify
   */
  record Audit(
      String verdict,
      long rows,
      long deadLetters,
      long lost,
      long duplicated,
      long acknowledged,
      long acknowledgedMissing,
      Independent independent,
      List<String> findings) {}

  /**
   * @param rows of the live files
   * @param distinct partitions and offsets among them
   * @param hash sum over the rows of a hash of partition and offset, 16 hex digits
   * @param records of the topic that should be rows: all but the broken ones
   * @param recordsHash the same sum over these
   */
  record Independent(long rows, long distinct, String hash, long records, String recordsHash) {
    boolean agrees() {
      return rows == records && distinct == records && hash.equals(recordsHash);
    }
  }
}
