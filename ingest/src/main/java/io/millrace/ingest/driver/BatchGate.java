package io.millrace.ingest.driver;

/** Lets one batch at a time in, and none once it is closed. Safe for use by several threads. */
final class BatchGate {
  private boolean inBatch;
  private boolean closed;

  /** Whether a batch may begin; it is in hand then until {@link #end}. */
  synchronized boolean begin() {
    inBatch = !closed;
    return inBatch;
  }

  /** No batch is in hand. */
  synchronized void end() {
    inBatch = false;
    notifyAll();
  }

  /** Waits for so long or until the gate is closed; false where it is, or on an interrupt. */
  synchronized boolean pause(long millis) {
    try {
      if (!closed && millis > 0) {
        wait(millis);
      }
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** No batch is begun any more; returns once none is in hand. */
  synchronized void close() throws InterruptedException {
    closed = true;
    notifyAll();
    while (inBatch) {
      wait();
    }
  }
}
