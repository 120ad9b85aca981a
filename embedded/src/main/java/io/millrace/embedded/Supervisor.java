package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
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
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);

  private Supervisor() {}

  /**
   * The outcome of {@link #start}.
   *
   * @param wasRunning whether it ran before; ports that were asked for have then no effect
   */
  public record Started(StackState state, boolean wasRunning) {}

  /** Starts the background process where none runs, and returns when broker and registry answer. */
  public static Started start(Path directory, LocalStack.Options options) {
    Path root = directory.toAbsolutePath().normalize();
    Optional<StackState> running = running(root);
    if (running.isPresent()) {
      return new Started(running.get(), true);
    }
    BackgroundStart start = BackgroundStart.of(root, options);
    return new Started(start.await(START_LIMIT), false);
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
