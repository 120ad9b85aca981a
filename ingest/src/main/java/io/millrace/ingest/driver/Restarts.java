package io.millrace.ingest.driver;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides whether a stream that failed is started again, and how long it waits before: as long as
 * {@link StreamConfig#restartFor} where something that it needs was away, {@link
 * StreamConfig#maxRestarts} times otherwise. A committed batch begins the count anew. No I/O; used
 * by one thread.
 */
final class Restarts {
  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final int most;
  private final Duration longest;

  /** Not the wall clock, which may be set while the stream waits. */
  private final LongSupplier nanoTime;

  private int total;
  private int failures;
  private int otherFailures;
  private long firstFailure;

  Restarts(StreamConfig stream, LongSupplier nanoTime) {
    this.most = stream.maxRestarts();
    this.longest = stream.restartFor();
    this.nanoTime = nanoTime;
  }

  /** A batch was committed. */
  void progressed() {
    failures = 0;
    otherFailures = 0;
  }

  /** How long to wait before the stream is started again; empty where it has to end. */
  Optional<Duration> after(MillraceException failure) {
    long now = nanoTime.getAsLong();
    firstFailure = failures == 0 ? now : firstFailure;
    failures++;
    if (!isWorthIt(failure, now)) {
      return Optional.empty();
    }
    total++;
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 5));
    return Optional.of(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }

  private boolean isWorthIt(MillraceException failure, long now) {
    return switch (failure.exitCode()) {
      case UNREACHABLE -> now - firstFailure < longest.toNanos();
      case INTERNAL -> !(failure instanceof DriverMemoryException) && ++otherFailures <= most;
      case OK, ANSWER_IS_NO, USAGE, PROTECTED, INTERRUPTED -> false;
    };
  }

  /** How often the stream was started again. */
  int total() {
    return total;
  }

  /** How often it failed since its last committed batch. */
  int failures() {
    return failures;
  }
}
