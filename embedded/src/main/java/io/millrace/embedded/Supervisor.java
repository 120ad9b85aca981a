package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.LockFile;
import io.millrace.core.process.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Keeps a {@link LocalStack} running in a process of its own that outlives the command that started
 * it. That process and its broker end at {@link #stop}; if it is killed, the broker ends with it.
 *
 * <p>Errors are {@link MillraceException}s.
 */
public final class Supervisor {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(45);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

  private Supervisor() {}

  /**
   * The outcome of {@link #start}.
   *
   * @param wasRunning whether it ran before
   */
  public record Started(StackState state, boolean wasRunning) {}

  /**
   * Starts the background process where none runs, and returns when broker and registry answer. Of
   * several starts at once, one starts it and the others wait for that.
   *
   * @throws MillraceException also where it runs already with other ports than those asked for
   */
  public static Started start(Path directory, LocalStack.Options options) {
    Path root = directory.toAbsolutePath().normalize();
    try (LockFile onlyOne = awaitOtherStart(root)) {
      Optional<StackState> running = running(root);
      if (running.isEmpty()) {
        return new Started(BackgroundStart.of(root, options).await(START_LIMIT), false);
      }
      requirePorts(root, options);
      return new Started(running.get(), true);
    } catch (IOException e) {
      throw StackDirectory.unwritable(root, e);
    }
  }

  private static LockFile awaitOtherStart(Path root) throws IOException {
    Files.createDirectories(root);
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    Optional<LockFile> lock = LockFile.tryLock(root.resolve("start.lock"));
    try {
      while (lock.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new MillraceException(
              ExitCode.UNREACHABLE,
              "directory in use: " + root,
              "another process has been starting broker and registry for "
                  + START_LIMIT.toSeconds()
                  + " s",
              "End that process, or name another directory");
        }
        Thread.sleep(POLL.toMillis());
        lock = LockFile.tryLock(root.resolve("start.lock"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for another start", e);
    }
    return lock.get();
  }

  private static void requirePorts(Path root, LocalStack.Options options) {
    StackPorts running = StackDirectory.recall(root).ports();
    if (!StackPorts.of(options).or(running).equals(running)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "broker and registry can't get other ports",
          "they run already over %s, on %d (broker), %d (controller) and %d (registry)"
              .formatted(root, running.broker(), running.controller(), running.registry()),
          "Stop them first: millrace down --dir " + ShellWord.of(root));
    }
  }

  /**
   * Runs a stack in this process until it is told to end by SIGTERM or SIGINT.
   *
   * @param ready called once broker and registry answer
   */
  public static void runInForeground(
      Path directory, LocalStack.Options options, Consumer<StackState> ready) {
    Path root = directory.toAbsolutePath().normalize();
    try (Supervision supervision = Supervision.start(root, options)) {
      ready.accept(supervision.state());
      supervision.run();
    }
  }

  /**
   * Stops what runs over the directory and waits until it has ended; data stays.
   *
   * @return false where nothing ran
   */
  public static boolean stop(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    Optional<ProcessHandle> process = StackState.read(root).flatMap(StackState::process);
    process.ifPresent(p -> end(root, p));
    deleteState(root);
    return process.isPresent();
  }

  /** What runs over the directory, found by asking it. */
  public static StackStatus status(Path directory) {
    Optional<StackState> running = running(directory.toAbsolutePath().normalize());
    if (running.isEmpty()) {
      return new StackStatus(running, false, false, OptionalInt.empty());
    }
    String[] broker = running.get().bootstrapServers().split(":", 2);
    OptionalInt topics =
        new BrokerAdmin(broker[0], Integer.parseInt(broker[1])).countTopics(ANSWER_LIMIT);
    boolean registry = RegistryProbe.answers(running.get().registryUrl(), ANSWER_LIMIT);
    return new StackStatus(running, topics.isPresent(), registry, topics);
  }

  private static Optional<StackState> running(Path root) {
    return StackState.read(root).filter(state -> state.process().isPresent());
  }

  private static void end(Path root, ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Its broker sees the end of its input and stops by itself.
      process.destroyForcibly();
    } catch (ExecutionException e) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "can't wait for process " + process.pid(),
          String.valueOf(e.getCause()),
          "See the logs in " + root.resolve("logs"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for process " + process.pid() + " to end", e);
    }
  }

  private static void deleteState(Path root) {
    try {
      Files.deleteIfExists(StackState.file(root));
    } catch (IOException e) {
      throw StackDirectory.unwritable(root, e);
    }
  }
}
