package io.millrace.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stack that runs until this process is told to end, with its state in a file. A broker that ends
 * by itself is started again, a bounded number of times.
 */
final class Supervision implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Supervision.class);
  private static final int MOST_RESTARTS = 5;

  private final Path root;
  private final LocalStack stack;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "stop-stack");

  private Supervision(Path root, LocalStack stack) {
    this.root = root;
    this.stack = stack;
  }

  static Supervision start(Path root, LocalStack.Options options) {
    LocalStack stack = LocalStack.start(root, options);
    Supervision supervision = new Supervision(root, stack);
    try {
      supervision.writeState();
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
    Runtime.getRuntime().addShutdownHook(supervision.hook);
    return supervision;
  }

  StackState state() {
    return StackState.of(stack);
  }

  /** Returns when this process is told to end; throws where the broker can't be kept running. */
  void run() {
    for (int restarts = 0; !ended(); restarts++) {
      if (restarts == MOST_RESTARTS) {
        throw stack.brokerFailure("the broker ended " + MOST_RESTARTS + " times");
      }
      log.atWarn().addKeyValue("pid", stack.brokerPid()).log("broker ended by itself");
      stack.startBroker();
      writeState();
    }
  }

  @Override
  public void close() {
    try {
      stack.close();
      Files.deleteIfExists(StackState.file(root));
    } catch (IOException e) {
      throw StackDirectory.unwritable(root, e);
    } finally {
      closed.countDown();
    }
  }

  /** True once this process is to end, false once the broker has. */
  private boolean ended() {
    CompletableFuture.anyOf(stop, stack.brokerExit()).join();
    return stop.isDone();
  }

  private void writeState() {
    try {
      state().write(root);
    } catch (IOException e) {
      throw StackDirectory.unwritable(root, e);
    }
  }

  /** In the shutdown hook: the process ends when this returns. */
  private void stopAndWait() {
    stop.complete(null);
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
