package io.millrace.lake.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs a few tasks at once and waits for all of them. */
final class Workers {
  private Workers() {}

  /** Throws what the first failed task threw, once all have ended; interrupts the others. */
  static void run(String name, List<Callable<Void>> tasks) throws Exception {
    if (tasks.isEmpty()) {
      return;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            tasks.size(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    List<Future<Void>> running = new ArrayList<>();
    try {
      tasks.forEach(task -> running.add(pool.submit(task)));
      for (Future<Void> task : running) {
        task.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw e;
    } finally {
      pool.shutdownNow();
    }
  }
}
