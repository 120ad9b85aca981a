package io.millrace.ingest.redrive;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterView;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.ledger.ResolutionsEditor;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a redrive or a discard works on: what was noted when it began decides which dead letters are
 * open, and has to be still there when it commits.
 */
final class Work implements AutoCloseable {
  /** How often it is begun anew where the table changes under it. */
  static final int MOST_ATTEMPTS = 5;

  final DeltaTable table;
  final int generation;
  final Resolutions base;
  final DeadLetterView view;
  private final DeadLetterFilter filter;

  private Work(
      DeltaTable table,
      int generation,
      Resolutions base,
      DeadLetterView view,
      DeadLetterFilter filter) {
    this.table = table;
    this.generation = generation;
    this.base = base;
    this.view = view;
    this.filter = filter;
  }

  static Work begin(MillraceConfig config, StreamConfig stream, DeadLetterFilter filter) {
    DeltaTable table =
        DeltaTable.open(stream.table(), config.hadoop()).orElseThrow(() -> noTable(stream));
    try {
      int generation = table.generation(stream.name());
      Resolutions base = table.resolutions(stream.name(), generation);
      return new Work(
          table, generation, base, DeadLetterView.open(stream, config.hadoop()), filter);
    } catch (RuntimeException e) {
      table.close();
      throw e;
    }
  }

  static MillraceException noTable(StreamConfig stream) {
    return new MillraceException(
        ExitCode.USAGE,
        "Stream %s has no table".formatted(stream.name()),
        "there is none at " + stream.table(),
        "Let the stream ingest first");
  }

  /**
   * Those that are asked for, by their error of now, and are not rows yet.
   *
   * @param discarded whether to take those, too, that were given up
   */
  Predicate<DeadLetterEntry> wanted(boolean discarded) {
    return entry -> {
      Optional<Fate> fate = base.fate(entry.partition(), entry.offset());
      return filter.matches(entry.by(fate))
          && switch (fate.map(Fate::kind).orElse(Fate.Kind.STAYED)) {
            case REDRIVEN -> false;
            case DISCARDED -> discarded;
            case STAYED -> true;
          };
    };
  }

  ResolutionsEditor editor() {
    return new ResolutionsEditor(base, view.positions());
  }

  /** User and host. */
  static String user() {
    String process = ManagementFactory.getRuntimeMXBean().getName();
    return System.getProperty("user.name") + process.substring(process.indexOf('@'));
  }

  static String owner(Instant now) {
    return ManagementFactory.getRuntimeMXBean().getName() + " " + now;
  }

  @Override
  public void close() {
    table.close();
  }
}
