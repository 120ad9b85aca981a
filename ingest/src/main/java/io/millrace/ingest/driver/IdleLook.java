package io.millrace.ingest.driver;

import io.millrace.lake.delta.DeltaTable;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Looks now and then what others did to the table while the stream has nothing to commit: a RESTORE
 * takes rows back that Kafka still has, and a newer ingest may have begun. One thread.
 */
final class IdleLook {
  /** One request to the storage each time. */
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final DeltaTable table;
  private final String stream;
  private final LongSupplier nanoTime;
  private long last;

  IdleLook(DeltaTable table, String stream, LongSupplier nanoTime) {
    this.table = table;
    this.stream = stream;
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** There is nothing to plan. */
  void idle() {
    long now = nanoTime.getAsLong();
    if (now - last >= EVERY.toNanos()) {
      table.lookAtOthers(stream);
      last = now;
    }
  }
}
