package io.millrace.core.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks running work to finish what is in hand, report, and return. Any thread may call any method.
 */
public final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);

  /** Asks to stop and returns at once; asking again changes nothing. */
  public void ask() {
    asked.countDown();
  }

  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  /** Waits until asked to stop, at most this long; true if asked. */
  public boolean await(Duration atMost) throws InterruptedException {
    return asked.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
