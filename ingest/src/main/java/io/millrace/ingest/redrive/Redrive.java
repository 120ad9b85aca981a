package io.millrace.ingest.redrive;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.StreamColumns;
import io.millrace.ingest.task.Redecoder;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.DataFile;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * redrives at once the slower one finds the note changed and stops.
 */
public final class Redrive {
  /** How often it begins anew where the table's columns change under it. */
  private static final int MOST_ATTEMPTS = 5;

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

  private Redrive() {}

  /**
   * Redrives open dead letters.
   *
   * @throws MillraceException {@code UNREACHABLE} where a schema can't be had or the storage does
   *     not answer, {@code PROTECTED} where another redrive or discard of the stream was committed
   *     meanwhile; no dead letter is redriven then
   */
  public static Result run(
      MillraceConfig config, StreamConfig stream, DeadLetterFilter filter, InstantSource clock) {
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try (Work work = Work.begin(config, stream, filter)) {
        Optional<Result> result = run(config, stream, work, clock);
        if (result.isPresent()) {
          return result.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new MillraceException(
        ExitCode.PROTECTED,
        "The dead letters of stream %s can't be redriven".formatted(stream.name()),
        "the table's columns and those of the dead letters' schemas contradict each other",
        "Redrive those of one schema at a time with --schema-id");
  }

  /** Empty where the columns of the rows don't fit the table. */
  private static Optional<Result> run(
      MillraceConfig config, StreamConfig stream, Work work, InstantSource clock)
      throws IOException {
    TableLayout layout = StreamColumns.of(stream, work.table);
    TaskSpec spec =
        TaskSpec.of(
            stream,
            "",
            config.kafkaFor(stream),
            config.registry(),
            config.hadoop(),
            work.table.path(),
            layout,
            1);
    Positions taken = new Positions();
    Map<ErrorClass, Long> stayed = new EnumMap<>(ErrorClass.class);
    try (Redecoder decoder = new Redecoder(spec)) {
      work.view.letters(
          work.wanted(),
          letter ->
              decoder
                  .take(letter)
                  .ifPresentOrElse(
                      refusal -> stayed.merge(refusal.errorClass(), 1L, Long::sum),
                      () -> taken.add(letter.entry())));
      if (taken.count() == 0) {
        return Optional.of(new Result(0, stayed));
      }
      Map<Integer, long[]> all = work.view.positions();
      Resolutions next =
          work.base.redrive(all, taken, Work.owner(clock.instant()), UUID.randomUUID().toString());
      List<DataFile> files = decoder.finish();
      stepOfTests.accept(Step.FILES_WRITTEN);
      if (!follow(stream, work, layout, decoder.layout())) {
        files.forEach(
            file -> ColumnFileWriter.discard(LakeConfiguration.of(config.hadoop()), file));
        return Optional.empty();
      }
      stepOfTests.accept(Step.COLUMNS_ADDED);
      work.table.commit(files, work.base, next);
      stepOfTests.accept(Step.COMMITTED);
      return Optional.of(new Result(taken.count(), stayed));
    }
  }

  /** Gives the table the columns that the rows have beside its own; whether all of them fit. */
  private static boolean follow(
      StreamConfig stream, Work work, TableLayout before, TableLayout rows) {
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
