package io.millrace.lake.verify;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One thing that is wrong or can't be proven.
 *
 * @param kind what sort of thing
 * @param partition the Kafka partition; null where it concerns the whole stream
 * @param text one line for people, with the values
 * @param offsets the offsets concerned, ascending; of many only the first few ranges
 * @param values some of the values that differ; empty for other kinds
 */
public record Finding(
    Kind kind,
    Integer partition,
    String text,
    List<OffsetRange> offsets,
    List<ValueDifference> values) {
  /** Sorts of findings; the names are part of the report's format. */
  public enum Kind {
    /** There is no Delta table at the path. */
    NO_TABLE(Verdict.NOT_PROVABLE),
    /** The table's log can't be read. */
    TABLE_UNREADABLE(Verdict.WRONG),
    /** Checkpoints say other files than the commits do. */
    TABLE_STATE(Verdict.WRONG),
    /** The table's storage did not answer. */
    STORAGE_UNREACHABLE(Verdict.UNREACHABLE),
    /** The table has no ledger of this stream. */
    NO_LEDGER(Verdict.NOT_PROVABLE),
    /** Partition and offset of the rows are not in the table. */
    NO_KAFKA_COLUMNS(Verdict.NOT_PROVABLE),
    /** Delivered by Kafka, neither a row nor a dead letter nor a counted exception. */
    MISSING_ROWS(Verdict.WRONG),
    /** Rows that a commit of others took away: a DELETE, UPDATE, MERGE or overwrite of some. */
    ROWS_DELETED(Verdict.WRONG),
    /** Rows that a RESTORE took away; the stream takes them again from the restored ledger. */
    TABLE_RESTORED(Verdict.WRONG),
    /** Rows that went with a table that another was put in the place of. */
    TABLE_REPLACED(Verdict.WRONG),
    /** Offsets with more than one row. */
    DUPLICATE_ROWS(Verdict.WRONG),
    /** Rows in the ledger's range whose offset holds no record in Kafka. */
    UNEXPLAINED_ROWS(Verdict.WRONG),
    /** Rows of offsets or partitions that the ledger does not claim, or without an offset. */
    FOREIGN_ROWS(Verdict.WRONG),
    /** Offsets that are a row and a dead letter. */
    ROW_AND_DEAD_LETTER(Verdict.WRONG),
    /** Offsets with more than one dead letter. */
    DUPLICATE_DEAD_LETTERS(Verdict.WRONG),
    /** Dead letters of offsets that the ledger does not claim, or that hold no record in Kafka. */
    UNEXPLAINED_DEAD_LETTERS(Verdict.WRONG),
    /** Dead letters that are not what Kafka holds at their offset. */
    DEAD_LETTERS_DIFFER(Verdict.WRONG),
    /** A data file of the version is not in the storage. */
    MISSING_FILE(Verdict.WRONG),
    /** A data file can't be read as Parquet with the table's columns. */
    UNREADABLE_FILE(Verdict.WRONG),
    /** The ledger can't be read as one. */
    LEDGER_INVALID(Verdict.WRONG),
    /** The ledger's counts are not what table and topic hold. */
    LEDGER_COUNTS(Verdict.WRONG),
    /** What is noted of redriven and discarded dead letters is not what the tables hold. */
    RESOLUTIONS(Verdict.WRONG),
    /** Two retained versions of the ledger don't follow on each other. */
    LEDGER_CHAIN(Verdict.WRONG),
    /** A commit added another number of rows than its ledger says. */
    LEDGER_COMMIT(Verdict.WRONG),
    /** The topic does not exist, or is another one of the same name, or another cluster's. */
    TOPIC_REPLACED(Verdict.NOT_PROVABLE),
    /** Kafka's log ends before the ledger's next offset. */
    LOG_SHORTER(Verdict.WRONG),
    /** Removed from Kafka before the stream had come to it. */
    GONE_BEFORE_INGEST(Verdict.WRONG),
    /** Rows of offsets that were accepted as lost. */
    ACCEPTED_LOSS_HAS_ROWS(Verdict.WRONG),
    /** Kafka did not answer. */
    KAFKA_UNREACHABLE(Verdict.UNREACHABLE),
    /** The manifest is of another topic than the stream, or of an earlier one of that name. */
    MANIFEST_TOPIC(Verdict.WRONG),
    /** Acknowledged records and the table's records differ in number. */
    MANIFEST_COUNT(Verdict.WRONG),
    /** Acknowledged payloads and the topic's differ. */
    MANIFEST_HASH(Verdict.WRONG),
    /** Acknowledged records that the stream has not come to yet. */
    NOT_YET_INGESTED(Verdict.WRONG),
    /** Column values differ from the topic's records. */
    VALUES_DIFFER(Verdict.WRONG),
    /** Rows of records that the table's columns can't hold. */
    UNSTORABLE_ROWS(Verdict.WRONG),
    /** Rows of records of which the stream's SQL makes none. */
    ROWS_BEYOND_SQL(Verdict.WRONG),
    /** Dead letters said to have failed in the stream's SQL, which does not fail for them. */
    DEAD_LETTERS_BEYOND_SQL(Verdict.WRONG),
    /** What the stream's SQL makes of some records can't be told. */
    SQL_NOT_PROVABLE(Verdict.NOT_PROVABLE),
    /** What an earlier version had is no base for what came since. */
    SINCE_NOT_PROVABLE(Verdict.NOT_PROVABLE),
    /** Column values can't be compared. */
    VALUES_NOT_PROVABLE(Verdict.NOT_PROVABLE),
    /** The schema registry did not answer, so column values can't be compared. */
    REGISTRY_UNREACHABLE(Verdict.UNREACHABLE);

    private final Verdict verdict;

    Kind(Verdict verdict) {
      this.verdict = verdict;
    }

    public Verdict verdict() {
      return verdict;
    }
  }

  public Finding {
    offsets = List.copyOf(offsets);
    values = List.copyOf(values);
  }

  Finding(Kind kind, Integer partition, String text, List<OffsetRange> offsets) {
    this(kind, partition, text, offsets, List.of());
  }

  static Finding of(Kind kind, String text) {
    return new Finding(kind, null, text, List.of());
  }

  static Finding of(Kind kind, int partition, String text) {
    return new Finding(kind, partition, text, List.of());
  }

  /** The same, with words before its text. */
  Finding in(String where) {
    return new Finding(kind, partition, where + text, offsets, values);
  }

  /** One line: partition, text, offsets. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    if (partition != null) {
      line.append("partition ").append(partition).append(": ");
    }
    line.append(text);
    if (!offsets.isEmpty()) {
      line.append(
          offsets.stream()
              .map(OffsetRange::toString)
              .collect(Collectors.joining(", ", ": offsets ", "")));
    }
    return line.toString();
  }
}
