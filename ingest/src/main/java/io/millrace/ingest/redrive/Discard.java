package io.millrace.ingest.redrive;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.ledger.Resolutions;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Gives dead letters up: they stay where they are and are counted, and nobody looks for them. */
public final class Discard {
  private Discard() {}

  /**
   * Notes open dead letters as given up, all or none.
   *
   * @param reason for people
   * @return how many they are
   * @throws MillraceException {@code PROTECTED} where another redrive or discard of the stream was
   *     committed meanwhile, or the note would be too large; nothing is changed then
   */
  public static long run(
      MillraceConfig config,
      StreamConfig stream,
      DeadLetterFilter filter,
      String reason,
      InstantSource clock) {
    try (Work work = Work.begin(config, stream, filter)) {
      Positions chosen = new Positions();
      work.view.entries(work.wanted(), chosen::add);
      if (chosen.count() > 0) {
        Resolutions next =
            work.base.discard(
                work.view.positions(),
                chosen,
                reason,
                clock.instant(),
                Work.owner(clock.instant()),
                UUID.randomUUID().toString());
        work.table.commit(List.of(), work.base, next);
      }
      return chosen.count();
    }
  }
}
