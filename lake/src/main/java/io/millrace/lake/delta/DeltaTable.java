package io.millrace.lake.delta;

import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.types.StructType;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A Delta table as one stream's writer sees it: opened or created once, then one atomic commit a
 * batch, each with files, transaction id and ledger. One thread commits; the snapshot after each
 * commit is kept, so that a commit costs the same however long the log is.
 *
 * <h2>Exactly once</h2>
 *
 * <p>A commit moves the stream's ledger, which is a Delta domain of its own. Whatever goes wrong on
 * the way (another writer took the version, an answer was lost), the table is read again and its
 * ledger compared: where it carries our attempt id, the commit is ours and done; where it is the
 * one we started from, nothing of ours is in and we try again; anything else is another writer of
 * the same stream, and this one stops.
 *
 * <p>Once {@link #commit} or {@link #evolve} has thrown, the table's state is unknown to this
 * object: close it and open the table again.
 */
public final class DeltaTable implements AutoCloseable {
  private final CommitLoop log;
  private final Configuration hadoop;

  /** The ledgers our callers started from or committed; a reload never changes them. */
  private final Map<String, Optional<Ledger>> ledgers = new HashMap<>();

  /** The schema that data files are being written for. */
  private StructType writtenSchema;

  /** Whether the table was read anew and its ledger not yet compared with ours. */
  private boolean ledgerUnseen;

  private final OthersReview others;
  private boolean failed;

  private DeltaTable(CommitLoop log, Configuration hadoop) {
    this.log = log;
    this.hadoop = hadoop;
    this.others = new OthersReview(log.path(), hadoop);
    this.writtenSchema = log.snapshot().getSchema();
  }

  /** As the other one, with {@link LakeConfiguration#of} these properties. */
  public static Optional<DeltaTable> open(String path, Map<String, String> hadoop) {
    return open(path, LakeConfiguration.of(hadoop));
  }

  /**
   * Opens the table, or empty where there is none at that path.
   *
   * @throws MillraceException {@code UNREACHABLE} where the path can't be read, {@code PROTECTED}
   *     where what is there can't be read as a Delta table
   */
  public static Optional<DeltaTable> open(String path, Configuration hadoop) {
    return open(path, hadoop, CommitRetries.standard());
  }

  static Optional<DeltaTable> open(String path, Configuration hadoop, CommitRetries retries) {
    return CommitLoop.open(path, hadoop, retries).map(log -> new DeltaTable(log, hadoop));
  }

  /**
   * Creates the table.
   *
   * @param properties Delta table properties, over our defaults
   * @throws MillraceException {@code USAGE} where there is a table or another file at that path
   *     already or a property is refused, {@code UNREACHABLE} where the path can't be written
   */
  public static DeltaTable create(
      String path,
      Configuration hadoop,
      TableLayout layout,
      Optional<PartitionBy> partitionBy,
      Map<String, String> properties) {
    Engine engine = DefaultEngine.create(hadoop);
    TransactionCommitResult result =
        new TableCreation(path, hadoop, engine).create(layout, partitionBy, properties);
    return new DeltaTable(
        CommitLoop.after(result, hadoop, engine, CommitRetries.standard()), hadoop);
  }

  /** The Delta domain that holds a stream's ledger. */
  public static String ledgerDomain(String stream) {
    return "millrace.ledger." + stream;
  }

  /**
   * The Delta domain that says what became of a stream's dead letters.
   *
   * @param generation of the topic that they are of
   */
  public static String redriveDomain(String stream, int generation) {
    return generation == Ledger.FIRST_GENERATION
        ? "millrace.redrive." + stream
        : "millrace.redrive-%d.%s".formatted(generation, stream);
  }

  /** The Delta domain that keeps the last ledger of a generation that has ended. */
  public static String closedDomain(String stream, int generation) {
    return "millrace.closed-%d.%s".formatted(generation, stream);
  }

  /** Absolute path with scheme. */
  public String path() {
    return log.path();
  }

  /** The table's own id, which it got when it was created. */
  public String id() {
    return ((SnapshotImpl) log.snapshot()).getMetadata().getId();
  }

  public long version() {
    return log.snapshot().getVersion();
  }

  /**
   * Data columns as the table has them now, roles by {@code kafkaColumns}' names. Files committed
   * from now on are taken to have these columns.
   */
  public TableLayout layout(KafkaColumns kafkaColumns) {
    TableLayout layout =
        DeltaSchema.layout(
            log.path(),
            log.snapshot().getSchema(),
            log.snapshot().getPartitionColumnNames(),
            kafkaColumns);
    writtenSchema = log.snapshot().getSchema();
    return layout;
  }

  /** Names of the table's partition columns, in order. */
  public List<String> partitionColumns() {
    return List.copyOf(log.snapshot().getPartitionColumnNames());
  }

  /**
   * The stream's latest ledger, empty where the stream has committed nothing to this table.
   *
   * @throws MillraceException {@code PROTECTED} where the ledger can't be read, where the table's
   *     files are not those it speaks of (a RESTORE), or where the table holds data or another
   *     stream's ledger but none of this stream: its rows could not be told from this stream's
   */
  public Optional<Ledger> ledger(String stream) {
    Optional<Ledger> known = ledgers.get(stream);
    if (known == null) {
      known = LedgerState.read(log.snapshot(), stream);
      if (known.isEmpty()) {
        LedgerState.requireNoOtherData(log.reader(), log.snapshot(), stream);
      } else {
        others.requireNothingTakenBack(stream, log.snapshot());
      }
      ledgers.put(stream, known);
    }
    return known;
  }

  /** Which generation of its topic the stream is in, by the version that this object knows. */
  public int generation(String stream) {
    return LedgerState.read(log.snapshot(), stream)
        .map(Ledger::generation)
        .orElse(Ledger.FIRST_GENERATION);
  }

  /**
   * Looks whether a RESTORE took back what the stream has committed; empty where none did. From
   * here on that RESTORE is known, and {@link #ledger} is what the table has.
   *
   * @throws MillraceException as {@link #ledger}
   */
  public Optional<Restoration> restoration(String stream) {
    Optional<Ledger> now = LedgerState.read(log.snapshot(), stream);
    if (now.isEmpty()) {
      return Optional.empty();
    }
    ledgers.put(stream, now);
    return others.restoration(now.get(), log.snapshot());
  }

  /**
   * Looks what others have committed, for a stream that has nothing to commit itself: it would hear
   * of it no sooner than with its next batch.
   *
   * @throws LedgerMovedException where another writer goes on with the stream
   * @throws MillraceException {@code PROTECTED} where the table was restored, replaced or changed
   *     so that our data files don't fit; {@code UNREACHABLE} where the storage does not answer
   */
  public void lookAtOthers(String stream) {
    requireUsable();
    Optional<Ledger> ours = ledger(stream);
    if (log.catchUp()) {
      ledgerUnseen = true;
    }
    if (ours.isPresent() && ledgerUnseen) {
      Optional<Ledger> found = LedgerState.read(log.snapshot(), stream);
      if (!found.map(Ledger::attempt).equals(ours.map(Ledger::attempt))) {
        throw LedgerState.movedByAnother(log.path(), ours.get(), found);
      }
      others.requireNothingTakenBack(stream, log.snapshot());
      requireSchemaFits();
      ledgerUnseen = false;
    }
  }

  /**
   * Commits files and ledger at once. A ledger without files is committed as well: a new writer
   * takes a stream over by it.
   *
   * @return the version that holds them
   * @throws LedgerMovedException where another writer moved this stream's ledger meanwhile; {@link
   *     #ledger} then is the other one's
   * @throws MillraceException {@code PROTECTED} where the table's schema changed under us; {@code
   *     UNREACHABLE} where the storage does not answer after several attempts
   * @throws IllegalArgumentException where the ledger does not follow on the stream's last one
   */
  public long commit(List<DataFile> files, Ledger ledger) {
    return commit(files, ledger, Map.of());
  }

  /**
   * Commits the ledger with which a stream begins anew in another generation of its topic, and
   * keeps the one of the generation that ends.
   *
   * @param ledger {@link Ledger#nextGeneration} of {@code ends}
   * @param ends the ledger that the table has, without dead letters pending
   * @return the version that holds them
   * @throws MillraceException as the other forms
   */
  public long beginGeneration(Ledger ledger, Ledger ends) {
    return commit(
        List.of(), ledger, Map.of(closedDomain(ends.stream(), ends.generation()), ends.toJson()));
  }

  /**
   * Commits the ledger with which a writer goes on after a RESTORE, and what became of dead letters
   * as of then.
   *
   * @param ledger a take-over of {@link Restoration#ledger}
   * @param resolutions {@link Restoration#resolutions}
   * @return the version that holds them
   * @throws MillraceException as the other form
   */
  public long commit(Ledger ledger, Optional<Resolutions> resolutions) {
    Map<String, String> domains = new HashMap<>();
    resolutions.ifPresent(
        then ->
            domains.put(
                redriveDomain(ledger.stream(), ledger.generation()),
                ResolutionFiles.write(
                    then.restoredAfter(
                        resolutions(ledger.stream(), ledger.generation()),
                        ledger.attempt(),
                        ledger.owner()),
                    log.path(),
                    hadoop)));
    return commit(List.of(), ledger, domains);
  }

  private long commit(List<DataFile> files, Ledger ledger, Map<String, String> domains) {
    requireUsable();
    Optional<Ledger> base = ledger(ledger.stream());
    base.flatMap(ledger::contradiction)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("The ledger does not follow: " + reason);
            });
    try {
      long version = commitBatch(files, ledger, domains, base);
      ledgers.put(ledger.stream(), Optional.of(ledger));
      return version;
    } catch (LedgerMovedException e) {
      ledgers.remove(ledger.stream());
      throw e;
    } catch (RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  /**
   * What became of the stream's dead letters, by the version that this object knows.
   *
   * @param generation of the topic that they are of
   * @throws MillraceException as {@link ResolutionFiles#read}
   */
  public Resolutions resolutions(String stream, int generation) {
    return ResolutionFiles.read(
        log.snapshot().getDomainMetadata(redriveDomain(stream, generation)),
        stream,
        log.path(),
        hadoop);
  }

  /**
   * Commits rows of dead letters and what says that they are rows, at once. No ledger is moved: the
   * stream's ingest may go on meanwhile.
   *
   * @param generation of the topic that the dead letters are of
   * @param base what {@link #resolutions} said when the work began
   * @param next what follows on it, with a fate of its own attempt where there are files
   * @return the version that holds them
   * @throws ResolutionsMovedException where another redrive or discard of the stream was committed
   *     meanwhile, or the stream began another generation: nothing of this one is in
   * @throws MillraceException else as the other form
   */
  public long commit(List<DataFile> files, int generation, Resolutions base, Resolutions next) {
    requireUsable();
    next.contradiction(base)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException("It does not follow: " + reason);
            });
    try {
      // The table may have been read anew since: what is there now must still be what was then.
      if (isResolved(generation, base, next)) {
        return log.snapshot().getVersion();
      }
      String text = ResolutionFiles.write(next, log.path(), hadoop);
      return log.commit(
          "redrive " + next.attempt(),
          () ->
              new AppendAttempt(log.committer(), log.snapshot())
                  .commit(files, generation, next, text),
          () -> {
            ledgerUnseen = true;
            return isResolved(generation, base, next);
          });
    } catch (RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  /** Whether {@code next} is in already; false where the table still has {@code base}. */
  private boolean isResolved(int generation, Resolutions base, Resolutions next) {
    Resolutions found = resolutions(next.stream(), generation);
    // Ours may be in where its answer was lost, and another one on top of it.
    if (found.attempt().equals(next.attempt()) || found.has(next.attempt())) {
      return true;
    }
    if (!found.attempt().equals(base.attempt()) || generation(next.stream()) != generation) {
      throw new ResolutionsMovedException(found);
    }
    others.requireNothingTakenBack(next.stream(), log.snapshot());
    requireSchemaFits();
    return false;
  }

  private long commitBatch(
      List<DataFile> files, Ledger ledger, Map<String, String> domains, Optional<Ledger> base) {
    if (ledgerUnseen && requireStillOurs(ledger, base)) {
      return log.snapshot().getVersion();
    }
    return log.commit(
        "attempt " + ledger.attempt(),
        () -> new AppendAttempt(log.committer(), log.snapshot()).commit(files, ledger, domains),
        () -> requireStillOurs(ledger, base));
  }

  /**
   * Adds to the table's schema the columns and members of columns that it lacks, in a commit of its
   * own; there is none where it lacks nothing. Other writers may write meanwhile, and change the
   * schema by additions of their own: nothing of theirs is lost. What is added is null in all rows
   * that are there. Files that were written for the columns before can still be committed.
   *
   * @param wanted columns that data files are to have; those of the table that it leaves out stay
   * @return what the table can't take, because it has a column of that name already and with
   *     another type, or because Delta allows no such name; all the rest is in the table
   * @throws MillraceException {@code PROTECTED} where the table's schema was changed by others in a
   *     way that our data files don't fit, {@code USAGE} where it has column mapping meanwhile,
   *     {@code UNREACHABLE} where the storage does not answer after several attempts
   */
  public List<SchemaRefusal> evolve(TableLayout wanted) {
    return evolveTo(DeltaSchema.of(wanted, Optional.empty()));
  }

  /**
   * Adds the column that says which generation of its topic a row is of, null in all rows so far.
   * Nothing is committed where the table has it.
   *
   * @throws MillraceException {@code USAGE} where it has another column of that name, else as
   *     {@link #evolve}
   */
  public void addGenerations() {
    Column column =
        new Column(KafkaColumns.GENERATION, ColumnType.INT, Column.Role.KAFKA_GENERATION);
    evolve(new TableLayout(List.of(column)));
    if (log.snapshot().getSchema().fields().stream().noneMatch(DeltaSchema::isGeneration)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The table %s can't have rows of another generation of the topic".formatted(path()),
          "it has a column of its own that is named " + KafkaColumns.GENERATION,
          "Ingest the topic of now into a new table");
    }
  }

  List<SchemaRefusal> evolveTo(StructType wanted) {
    requireUsable();
    try {
      if (!isTaken(wanted)) {
        log.commit(
            "more columns",
            () ->
                new SchemaAttempt(log.committer(), log.snapshot()).commit(merged(wanted).schema()),
            () -> {
              ledgerUnseen = true;
              requireSchemaFits();
              return isTaken(wanted);
            });
      }
      writtenSchema = log.snapshot().getSchema();
      return merged(wanted).refusals();
    } catch (RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private void requireUsable() {
    if (failed) {
      throw new IllegalStateException("A commit failed before: open the table again");
    }
  }

  private SchemaChange merged(StructType wanted) {
    return SchemaChange.merge(
        log.snapshot().getSchema(), log.snapshot().getPartitionColumnNames(), wanted);
  }

  private boolean isTaken(StructType wanted) {
    return merged(wanted).schema().equals(log.snapshot().getSchema());
  }

  /**
   * Whether the table's ledger is already the one to be committed; false where it is the one that
   * we started from.
   */
  private boolean requireStillOurs(Ledger ledger, Optional<Ledger> base) {
    Optional<Ledger> found = LedgerState.read(log.snapshot(), ledger.stream());
    switch (LedgerState.compare(found, base, ledger)) {
      case COMMITTED:
        // Others may have committed on top of it: the next commit looks.
        ledgerUnseen = true;
        return true;
      case UNCHANGED:
        break;
      case MOVED_BY_ANOTHER:
        throw LedgerState.movedByAnother(log.path(), ledger, found);
    }
    if (base.isEmpty()) {
      LedgerState.requireNoOtherData(log.reader(), log.snapshot(), ledger.stream());
    } else {
      others.requireNothingTakenBack(ledger.stream(), log.snapshot());
    }
    requireSchemaFits();
    ledgerUnseen = false;
    return false;
  }

  /** Data files that were written for {@link #writtenSchema} must be right for the table. */
  private void requireSchemaFits() {
    DeltaSchema.obstacle(writtenSchema, log.snapshot().getSchema())
        .ifPresent(
            obstacle -> {
              throw new MillraceException(
                  ExitCode.PROTECTED,
                  "The table " + log.path() + " was changed while it was written to",
                  obstacle,
                  "Start the stream again if the change was meant; nothing of this batch is in"
                      + " the table");
            });
  }

  /** Waits for checkpoint and checksum files that are still being written. */
  @Override
  public void close() {
    log.close();
  }
}
