package io.millrace.producer;

import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InterruptException;

/** The threads of a run. */
final class Workers {
  private static final Duration PAUSE = Duration.ofMillis(5);

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
      stop.ask();
    }
  }

  /** Returns when all have ended; passes the request to stop on and lets {@code reporter} speak. */
  void await(StopSignal requested, Reporter reporter) {
    try {
      while (threads.stream().anyMatch(Thread::isAlive)) {
        if (requested.isAsked()) {
          stop.ask();
          threads.get(0).join(PAUSE.toMillis());
        } else {
          requested.await(PAUSE);
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
