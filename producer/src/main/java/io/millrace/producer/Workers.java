package io.millrace.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/** The threads of a run. */
final class Workers {
  private final StopSignal stop;
  private final List<Thread> threads = new ArrayList<>();
  private volatile Throwable fault;

  Workers(StopSignal stop) {
    this.stop = stop;
  }

  void start(Runnable work) {
    Thread thread = new Thread(() -> guarded(work), "millrace-produce-" + (threads.size() + 1));
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      fault = e;
      stop.stop();
    }
  }

  /** Returns when all have ended; passes the request to stop on and lets {@code reporter} speak. */
  void await(StopSignal requested, Reporter reporter) {
    long pause = TimeUnit.MILLISECONDS.toNanos(5);
    try {
      while (threads.stream().anyMatch(Thread::isAlive)) {
        if (requested.isStopped()) {
          stop.stop();
          threads.get(0).join(5);
        } else {
          requested.await(pause);
        }
        reporter.reportIfDue();
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Throws what a worker threw that it should not have; nothing otherwise. */
  void rethrow() {
    if (fault instanceof RuntimeException exception) {
      throw exception;
    }
    if (fault instanceof Error error) {
      throw error;
    }
  }
}
