package io.millrace.ingest.redrive;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.delta.ResolutionsMovedException;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.ResolutionsEditor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Gives dead letters up: they stay where they are and are counted, and no redrive takes them. */
public final class Discard {
  private Discard() {}

  /**
   * Notes open dead letters as given up, all or none.
   *
   * @param reason for people
   * @param dryRun whether to count only
   * @return how many they are
   * @throws MillraceException {@code PROTECTED} where other redrives and discards of the stream
   *     were faster again and again; nothing is changed then
   */
  public static long run(
      MillraceConfig config,
      StreamConfig stream,
      DeadLetterFilter filter,
      String reason,
      boolean dryRun,
      InstantSource clock) {
    for (int attempt = 1; ; attempt++) {
      try (Work work = Work.begin(config, stream, filter)) {
        return run(work, reason, dryRun, clock.instant());
      } catch (ResolutionsMovedException e) {
        if (attempt == Work.MOST_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static long run(Work work, String reason, boolean dryRun, Instant now) {
    String attempt = UUID.randomUUID().toString();
    Fate fate = Fate.discarded(now.toString(), Work.user(), attempt, reason);
    ResolutionsEditor editor = work.editor();
    long[] count = new long[1];
    work.view.entries(
        work.wanted(false),
        entry -> {
          editor.set(entry.partition(), entry.offset(), fate);
          count[0]++;
        });
    if (!dryRun && editor.changed()) {
      work.table.commit(
          List.of(), work.generation, work.base, editor.build(Work.owner(now), attempt));
    }
    return count[0];
  }
}
