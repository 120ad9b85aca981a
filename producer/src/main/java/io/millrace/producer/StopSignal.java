package io.millrace.producer;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a running job to end: no further record is sent, what was sent is flushed, and the result is
 * reported as always. Any thread may call any method.
 */
public final class StopSignal {
  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Returns at once; calling it again changes nothing. */
  public void stop() {
    stopped.countDown();
  }

  public boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** Waits until stopped, at most so many nanoseconds; returns whether it is stopped. */
  boolean await(long nanos) throws InterruptedException {
    return stopped.await(nanos, TimeUnit.NANOSECONDS);
  }
}
