package io.millrace.lake.deadletter;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.FollowingTable;
import io.millrace.lake.delta.SiblingPath;
import io.millrace.lake.ledger.Ledger;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The dead letters of one stream: a Delta table beside the stream's own, made when the first is
 * met.
 *
 * <h2>Exactly once</h2>
 *
 * <p>Two tables have no common transaction. The main table's commit is the only point that decides:
 * its ledger moves past the records and names the files that hold the dead letters among them. This
 * table then takes the files that the ledger calls pending, by the ledger's sequence number. Where
 * a writer dies between, the next one does it, or verify: both begin with {@link #rollForward},
 * which does nothing where nothing is left to do.
 *
 * <p>One thread.
 */
public final class DeadLetterTable implements AutoCloseable {
  /** A property of the table: the id of the table that it belongs to. */
  private static final String MAIN_TABLE = "millrace.deadLettersOf";

  private static final String SUFFIX = "_dead_letters";

  private final String path;
  private final String mainTableId;
  private final String stream;
  private final Configuration hadoop;
  private FollowingTable table;
  private boolean lookedFor;

  /**
   * Opens nothing yet.
   *
   * @param mainTable path of the stream's own table
   * @param mainTableId its id, see {@link DeltaTable#id}
   * @param generation of the topic that they are of
   */
  public DeadLetterTable(
      String mainTable, String mainTableId, String stream, int generation, Configuration hadoop) {
    this.path = path(mainTable, generation);
    this.mainTableId = mainTableId;
    this.stream = stream;
    this.hadoop = hadoop;
  }

  /** Of the topic's generation that the stream is in. Opens nothing yet. */
  public static DeadLetterTable of(DeltaTable main, String stream, Configuration hadoop) {
    return new DeadLetterTable(main.path(), main.id(), stream, main.generation(stream), hadoop);
  }

  /** Where the dead letters of a table are, of the topic's first generation. */
  public static String path(String mainTable) {
    return path(mainTable, Ledger.FIRST_GENERATION);
  }

  /**
   * Where the dead letters of a table are.
   *
   * @param generation of the topic: each has a table of its own, as their offsets repeat
   */
  public static String path(String mainTable, int generation) {
    return SiblingPath.of(
        mainTable, generation == Ledger.FIRST_GENERATION ? SUFFIX : SUFFIX + "_" + generation);
  }

  /** The Delta transaction whose version is the sequence number up to which files are in. */
  public static String transactionId(String stream) {
    return "millrace:" + stream + ":dead-letters";
  }

  /**
   * Commits the files that the ledger calls pending and that are not here yet, and takes out what a
   * RESTORE of the main table has made void. Cheap where there is nothing to do, so call it at
   * start and after each commit of the main table.
   *
   * @param main a ledger that the main table has
   * @return the ledger to go on from: nothing that is here is pending any more
   * @throws MillraceException {@code UNREACHABLE} where the storage does not answer after several
   *     attempts, {@code PROTECTED} where the table belongs to another one or can't take dead
   *     letters; the main table has all that is needed to try again
   */
  public Ledger rollForward(Ledger main) {
    requireOurs();
    // After a RESTORE an older writer may be about to make the table for letters that are void.
    if (table == null && main.pending().isEmpty() && main.restored() == null) {
      return main;
    }
    if (table == null) {
      use(
          FollowingTable.create(
              path,
              hadoop,
              transactionId(stream),
              DeadLetterColumns.LAYOUT,
              Map.of(MAIN_TABLE, mainTableId),
              DeadLetterFile::isOne));
    }
    table.commit(main.pending());
    withdraw(main);
    return main.settled(table.sequence());
  }

  /**
   * Once after a RESTORE of the main table, and before the first batch after it: whoever moves the
   * ledger on from there comes by here first.
   */
  private void withdraw(Ledger main) {
    if (main.restored() != null && table.sequence() < main.restored().sequence()) {
      table.remove(letters -> WithdrawnLetters.of(letters, path, main), main.restored().sequence());
    }
  }

  /**
   * Looks for the table, if nobody has yet.
   *
   * @throws MillraceException {@code PROTECTED} where there is one that belongs to another table
   */
  public void requireOurs() {
    if (!lookedFor) {
      FollowingTable.open(path, hadoop, transactionId(stream), DeadLetterColumns.LAYOUT)
          .ifPresent(this::use);
      lookedFor = true;
    }
  }

  private void use(FollowingTable found) {
    Optional<String> owner = found.property(MAIN_TABLE);
    if (!owner.equals(Optional.of(mainTableId))) {
      found.close();
      throw new MillraceException(
          ExitCode.PROTECTED,
          "The dead letters of stream %s can't go to %s".formatted(stream, path),
          owner
              .map(
                  id ->
                      "that table belongs to the table with the id %s, the stream's has the id %s"
                          .formatted(id, mainTableId))
              .orElse("there is a table that is no table of dead letters"),
          "Move or delete it: it is left from a table that was there before");
    }
    table = found;
  }

  /** Waits for checkpoint and checksum files that are still being written. */
  @Override
  public void close() {
    if (table != null) {
      table.close();
    }
  }
}
