package io.millrace.lake.deadletter;

import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.delta.ResolutionFiles;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;

/** One stream's dead letters at one moment, for reading. */
public final class DeadLetterView {
  /** Gets one dead letter after another, in no order. */
  @FunctionalInterface
  public interface Taker<T> {
    void take(T letter) throws IOException;
  }

  private final String path;
  private final Resolutions resolutions;

  /** Empty where there never was a dead letter. */
  private final Optional<PinnedTable> table;

  private DeadLetterView(String path, Resolutions resolutions, Optional<PinnedTable> table) {
    this.path = path;
    this.resolutions = resolutions;
    this.table = table;
  }

  /**
   * Pins what is there now. Dead letters that a crash has left between two commits are brought into
   * their table before.
   *
   * @param properties the user's Hadoop properties
   * @throws MillraceException {@code USAGE} where there is no such table or the stream has not
   *     written to it, {@code UNREACHABLE} where the storage does not answer, {@code PROTECTED}
   *     where a table is broken
   */
  public static DeadLetterView open(StreamConfig config, Map<String, String> properties) {
    Configuration hadoop = LakeConfiguration.of(properties);
    String mainTable = config.table();
    String stream = config.name();
    PinnedTable main =
        pin(mainTable, hadoop)
            .orElseThrow(
                () ->
                    notThere(
                        mainTable, stream, "there is no table yet", "Let the stream ingest first"));
    Ledger ledger =
        main.domain(DeltaTable.ledgerDomain(stream))
            .map(Ledger::fromJson)
            .orElseThrow(
                () ->
                    notThere(
                        mainTable,
                        stream,
                        "the table has no ledger of that stream",
                        "Name the stream as it was named when it wrote there"));
    int generation = ledger.generation();
    try (DeadLetterTable dead =
        new DeadLetterTable(mainTable, main.id(), stream, generation, hadoop)) {
      dead.rollForward(ledger);
    }
    String path = DeadLetterTable.path(mainTable, generation);
    Resolutions resolutions =
        ResolutionFiles.read(
            main.domain(DeltaTable.redriveDomain(stream, generation)), stream, mainTable, hadoop);
    return new DeadLetterView(path, resolutions, pin(path, hadoop));
  }

  private static MillraceException notThere(
      String mainTable, String stream, String reason, String remedy) {
    return new MillraceException(
        ExitCode.USAGE,
        "Stream %s has no dead letters beside %s".formatted(stream, mainTable),
        reason,
        remedy);
  }

  private static Optional<PinnedTable> pin(String path, Configuration hadoop) {
    try {
      return PinnedTable.latest(path, hadoop);
    } catch (RuntimeException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  /** What became of them; dead letters that are newer are open. */
  public Resolutions resolutions() {
    return resolutions;
  }

  /**
   * Offsets of all dead letters, ascending, by partition.
   *
   * @throws MillraceException {@code PROTECTED} where one is there twice
   */
  public SortedMap<Integer, long[]> positions() {
    Map<Integer, LongStream.Builder> builders = new HashMap<>();
    read(
        LetterColumns.ENTRY.subList(0, 2),
        (batch, row) ->
            builders
                .computeIfAbsent(batch.getColumnVector(0).getInt(row), p -> LongStream.builder())
                .add(batch.getColumnVector(1).getLong(row)));
    SortedMap<Integer, long[]> positions = new TreeMap<>();
    builders.forEach((p, offsets) -> positions.put(p, ascending(p, offsets.build())));
    return positions;
  }

  private long[] ascending(int partition, LongStream offsets) {
    long[] sorted = offsets.sorted().toArray();
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new MillraceException(
            ExitCode.PROTECTED,
            "The dead letters in %s can't be worked on".formatted(path),
            "partition %d, offset %d is there twice".formatted(partition, sorted[i]),
            "`millrace verify` says what else is wrong");
      }
    }
    return sorted;
  }

  /** Hands over those that match, without their bytes, which are not read. */
  public void entries(Predicate<DeadLetterEntry> wanted, Taker<DeadLetterEntry> taker) {
    read(
        LetterColumns.ENTRY,
        (batch, row) -> {
          DeadLetterEntry entry = LetterColumns.entry(batch, row);
          if (wanted.test(entry)) {
            taker.take(entry);
          }
        });
  }

  /** Hands over those that match. */
  public void letters(Predicate<DeadLetterEntry> wanted, Taker<StoredDeadLetter> taker) {
    read(
        LetterColumns.WHOLE,
        (batch, row) -> {
          DeadLetterEntry entry = LetterColumns.entry(batch, row);
          if (wanted.test(entry)) {
            taker.take(LetterColumns.letter(entry, batch, row));
          }
        });
  }

  @FunctionalInterface
  private interface RowTaker {
    void take(ColumnarBatch batch, int row) throws IOException;
  }

  private void read(List<String> columns, RowTaker rows) {
    if (table.isEmpty()) {
      return;
    }
    try {
      PinnedTable.Reading reading = table.get().reading(columns.iterator());
      for (PinnedTable.LiveFile file : reading.files()) {
        reading.read(file, batch -> take(batch, rows));
      }
    } catch (IOException e) {
      throw LakeErrors.storage("The dead letters in %s can't be read".formatted(path), e);
    } catch (RuntimeException e) {
      throw LakeErrors.unreadable(path, e);
    }
  }

  private static void take(FilteredColumnarBatch filtered, RowTaker rows) throws IOException {
    ColumnarBatch batch = filtered.getData();
    for (int row = 0; row < batch.getSize(); row++) {
      if (PinnedTable.isLive(filtered, row)) {
        rows.take(batch, row);
      }
    }
  }
}
