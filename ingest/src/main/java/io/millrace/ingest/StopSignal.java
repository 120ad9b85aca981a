package io.millrace.ingest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/** Asks a running {@link Ingest} to finish the batch in hand and end. Safe for any thread. */
public final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);

  /**
   * A signal that SIGTERM and SIGINT set. They no longer end the process: the caller does, once the
   * run has returned. (A shutdown hook would be too late: Spark's own hook stops its context at the
   * same time.) A second one of them ends the process at once with exit code 130.
   */
  public static StopSignal onTermination() {
    StopSignal stop = new StopSignal();
    for (String name : new String[] {"TERM", "INT"}) {
      Signal.handle(
          new Signal(name),
          signal -> {
            if (stop.isAsked()) {
              Runtime.getRuntime().halt(130);
            }
            stop.ask();
          });
    }
    return stop;
  }

  /** Asks to stop; asking again changes nothing. */
  public void ask() {
    asked.countDown();
  }

  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until asked to stop, at most this long; true if asked. */
  boolean await(Duration atMost) throws InterruptedException {
    return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
