package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A background process on its way up. */
final class BackgroundStart {
  private static final Duration POLL = Duration.ofMillis(50);

  private final Path root;
  private final Process process;

  private BackgroundStart(Path root, Process process) {
    this.root = root;
    this.process = process;
  }

  static BackgroundStart of(Path root, LocalStack.Options options) {
    List<String> command = new ArrayList<>(ownSession());
    command.add(ChildJvm.javaCommand());
    command.addAll(ChildJvm.classData());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // It idles: compile little.
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=classpath:io/millrace/embedded/stack-log4j2.properties",
            SupervisorMain.class.getName(),
            root.toString(),
            Integer.toString(options.brokerPort()),
            Integer.toString(options.controllerPort()),
            Integer.toString(options.registryPort())));
    Path output = root.resolve("logs").resolve("stack.log");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", ChildJvm.classPath());
    builder.redirectInput(new File("/dev/null"));
    builder.redirectErrorStream(true);
    builder.redirectOutput(output.toFile());
    try {
      Files.createDirectories(output.getParent());
      Files.deleteIfExists(StartError.file(root));
      Files.deleteIfExists(StackState.file(root));
      return new BackgroundStart(root, builder.start());
    } catch (IOException e) {
      throw StackDirectory.unwritable(root, e);
    }
  }

  /** Returns when broker and registry answer; throws the process's own error where it ends. */
  StackState await(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        boolean ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
        Optional<StackState> state =
            StackState.read(root).filter(found -> found.pid() == process.pid());
        if (state.isPresent()) {
          return state.get();
        }
        if (ended) {
          throw failure("it ended with code " + process.exitValue());
        }
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for broker and registry", e);
    }
    process.destroy();
    throw failure("it was not ready after " + limit.toSeconds() + " s");
  }

  private MillraceException failure(String reason) {
    return StartError.read(root)
        .map(StartError::toException)
        .orElseGet(
            () ->
                new MillraceException(
                    ExitCode.INTERNAL,
                    "broker and registry did not start",
                    reason,
                    "See " + root.resolve("logs").resolve("stack.log")));
  }

  /**
   * A session of its own keeps the terminal's signals away. Where the system has no setsid, the
   * process ignores them.
   */
  private static List<String> ownSession() {
    Path setsid = Path.of("/usr/bin/setsid");
    return Files.isExecutable(setsid) ? List.of(setsid.toString()) : List.of();
  }
}
