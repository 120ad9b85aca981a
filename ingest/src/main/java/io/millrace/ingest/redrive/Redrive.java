package io.millrace.ingest.redrive;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.StreamColumns;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.ingest.task.Redecoder;
import io.millrace.ingest.task.SqlStart;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.DataFile;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.deadletter.StoredDeadLetter;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import io.millrace.lake.delta.ResolutionsMovedException;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.ResolutionsEditor;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Decodes dead letters again and makes rows of those that fit by now.
 *
 * <h2>Exactly once</h2>
 *
 * <p>One commit of the main table brings all rows and the note that says which dead letters they
 * are. Before it nothing has happened; after it those dead letters are not open any more, and the
 * next redrive passes them by. The note is a domain of its own, so ingest goes on meanwhile; of two
 * redrives at once the slower one finds the note changed, throws its files away and begins anew.
 */
public final class Redrive {
  /** Tests do something of their own after each step, such as ending the process. */
  static volatile Consumer<Step> stepOfTests = step -> {};

  enum Step {
    FILES_WRITTEN,
    COLUMNS_ADDED,
    COMMITTED
  }

  /**
   * What was done.
   *
   * @param redriven dead letters that are rows now
   * @param stayed those that still can't be rows, by the reason of now
   */
  public record Result(long redriven, Map<ErrorClass, Long> stayed) {}

  /**
   * How it is done.
   *
   * @param discarded whether to take those, too, that were given up
   * @param dryRun whether to decode and count only: nothing of it stays
   */
  public record Options(boolean discarded, boolean dryRun) {
    public static final Options DEFAULTS = new Options(false, false);
  }

  private final MillraceConfig config;
  private final StreamConfig stream;
  private final Work work;
  private final Options options;
  private final Instant now;
  private final String attempt = UUID.randomUUID().toString();
  private final ResolutionsEditor editor;
  private final Map<ErrorClass, Long> stayed = new EnumMap<>(ErrorClass.class);
  private long redriven;

  private Redrive(
      MillraceConfig config, StreamConfig stream, Work work, Options options, Instant now) {
    this.config = config;
    this.stream = stream;
    this.work = work;
    this.options = options;
    this.now = now;
    this.editor = work.editor();
  }

  /**
   * Redrives open dead letters.
   *
   * @throws MillraceException {@code UNREACHABLE} where a schema can't be had or the storage does
   *     not answer, {@code PROTECTED} where other redrives and discards of the stream were faster
   *     again and again; no dead letter is redriven then
   */
  public static Result run(
      MillraceConfig config,
      StreamConfig stream,
      DeadLetterFilter filter,
      Options options,
      InstantSource clock) {
    MillraceException last = contradicting(stream);
    for (int attempt = 1; attempt <= Work.MOST_ATTEMPTS; attempt++) {
      try (Work work = Work.begin(config, stream, filter)) {
        Optional<Result> result = new Redrive(config, stream, work, options, clock.instant()).run();
        if (result.isPresent()) {
          return result.get();
        }
        last = contradicting(stream);
      } catch (ResolutionsMovedException e) {
        last = e;
      } catch (IOException e) {
        throw unwritable(stream, e);
      }
    }
    throw last;
  }

  private static MillraceException unwritable(StreamConfig stream, IOException failure) {
    return LakeErrors.storage("The table " + stream.table() + " can't be written", failure);
  }

  private static MillraceException contradicting(StreamConfig stream) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The dead letters of stream %s can't be redriven".formatted(stream.name()),
        "the table's columns and those of the dead letters' schemas contradict each other",
        "Redrive those of one schema at a time with --schema-id");
  }

  /** Empty where the columns of the rows don't fit the table. */
  private Optional<Result> run() throws IOException {
    Optional<SqlTransform> sql =
        SqlStart.of(config, stream, Optional.of(work.table.layout(stream.columns())))
            .map(SqlStart::transform);
    TableLayout layout = StreamColumns.of(stream, work.table, sql);
    TaskSpec spec =
        TaskSpec.of(
                stream,
                "",
                config.kafkaFor(stream),
                config.registry(),
                config.hadoop(),
                work.table.path(),
                layout,
                1,
                sql)
            .inGeneration(work.generation);
    try (Redecoder decoder = new Redecoder(spec)) {
      decode(decoder);
      if (options.dryRun() || !editor.changed()) {
        return Optional.of(new Result(redriven, stayed));
      }
      List<DataFile> files = decoder.finish();
      stepOfTests.accept(Step.FILES_WRITTEN);
      if (!files.isEmpty() && !follow(layout, decoder.layout())) {
        discard(files);
        return Optional.empty();
      }
      stepOfTests.accept(Step.COLUMNS_ADDED);
      commit(files);
      stepOfTests.accept(Step.COMMITTED);
      return Optional.of(new Result(redriven, stayed));
    }
  }

  private void decode(Redecoder decoder) {
    String at = now.toString();
    Fate row = Fate.redriven(at, Work.user(), attempt);
    Reasons reasons =
        new Reasons((error, reason) -> Fate.stayed(at, Work.user(), attempt, error, reason));
    work.view.letters(
        work.wanted(options.discarded()),
        letter -> {
          int partition = letter.entry().partition();
          long offset = letter.entry().offset();
          Optional<Redecoder.Refusal> refusal = take(decoder, letter);
          if (refusal.isEmpty()) {
            editor.set(partition, offset, row);
            redriven++;
            return;
          }
          stayed.merge(refusal.get().errorClass(), 1L, Long::sum);
          boolean givenUp =
              work.base
                  .fate(partition, offset)
                  .filter(fate -> fate.kind() == Fate.Kind.DISCARDED)
                  .isPresent();
          if (!givenUp) {
            reasons
                .of(letter.entry(), refusal.get(), work.base.fate(partition, offset))
                .ifPresentOrElse(
                    fate -> editor.set(partition, offset, fate),
                    () -> editor.clear(partition, offset));
          }
        });
  }

  private Optional<Redecoder.Refusal> take(Redecoder decoder, StoredDeadLetter letter) {
    try {
      return decoder.take(letter);
    } catch (IOException e) {
      // Not of the dead letters, which are being read meanwhile.
      throw unwritable(stream, e);
    }
  }

  private void commit(List<DataFile> files) {
    try {
      work.table.commit(files, work.generation, work.base, editor.build(Work.owner(now), attempt));
    } catch (ResolutionsMovedException e) {
      discard(files);
      throw e;
    }
  }

  private void discard(List<DataFile> files) {
    files.forEach(file -> ColumnFileWriter.discard(LakeConfiguration.of(config.hadoop()), file));
  }

  /** Gives the table the columns that the rows have beside its own; whether all of them fit. */
  private boolean follow(TableLayout before, TableLayout rows) {
    if (rows.equals(before)) {
      return true;
    }
    // A field that ingest has met by another name meanwhile must not get a column of its own.
    if (!work.table.layout(stream.columns()).knowsByOtherName(rows)) {
      work.table.evolve(rows);
    }
    return work.table.layout(stream.columns()).covers(rows);
  }
}
