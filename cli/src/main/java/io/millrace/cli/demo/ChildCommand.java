package io.millrace.cli.demo;

import io.millrace.cli.Main;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A command of ours as a process of its own: same Java, same class path. Its output goes to a file.
 * It ends when this process ends, however that happens: it watches its standard input, which we
 * never write to.
 */
final class ChildCommand implements AutoCloseable {
  /** How long a child may take to end by itself once asked to. */
  private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

  private final String name;
  private final Process process;
  private final Path log;

  private ChildCommand(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param name for people
   * @param heap as {@code -Xmx} takes it
   * @param log gets its output; overwritten
   */
  static ChildCommand start(String name, String heap, Path log, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-") || option.startsWith("-XX:") || option.startsWith("-Djdk.")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heap);
    command.add("-Dmillrace.endWithParent=true");
    command.add(Main.class.getName());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CLASSPATH", classPath());
    try {
      return new ChildCommand(name, builder.start(), log);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "The " + name + " can't be started",
          String.valueOf(e.getMessage()),
          "Check the directory " + log.getParent() + " and the machine's process limits",
          e);
    }
  }

  private static String classPath() {
    List<String> entries = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        entries.add(Path.of(entry).toAbsolutePath().toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  long pid() {
    return process.pid();
  }

  /** Throws the child's own error where it has ended already. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw failure();
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits at most this long; whether it has ended. */
  boolean await(Duration atMost) throws InterruptedException {
    return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM) and waits until it has. */
  void stop() throws InterruptedException {
    // Process.destroy would close its input as well, which means the end of its parent.
    process.toHandle().destroy();
    if (!await(STOP_LIMIT)) {
      throw new MillraceException(
          ExitCode.INTERNAL,
          "The " + name + " does not end",
          "process " + pid() + " still runs " + STOP_LIMIT.toSeconds() + " s after SIGTERM",
          "See " + log);
    }
  }

  /** The error that the child printed, as our own. */
  MillraceException failure() {
    ExitCode code = ExitCode.INTERNAL;
    for (ExitCode known : ExitCode.values()) {
      if (known.code() == process.exitValue() && known != ExitCode.OK) {
        code = known;
      }
    }
    return new MillraceException(
        code, "The " + name + " has ended", lastWords(), "Its whole output is in " + log);
  }

  private String lastWords() {
    String words = "exit code " + process.exitValue();
    try {
      for (String line : Files.readAllLines(log, Charset.defaultCharset())) {
        if (line.startsWith("millrace: ")) {
          words = line.substring("millrace: ".length());
        }
      }
    } catch (IOException e) {
      words += ", its output can't be read";
    }
    return words.replaceAll("\\.$", "");
  }

  /** Ends it at once where it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
