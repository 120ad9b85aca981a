package io.millrace.cli;

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
 * A command of ours as a process of its own: this JVM's Java, options and class path, a heap of its
 * own size. Its output goes to a file. It ends when this process ends, however that happens: it
 * watches its standard input, which we never write to.
 */
public final class ChildCommand implements AutoCloseable {
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
  public static ChildCommand start(String name, String heap, Path log, List<String> arguments) {
    return start(name, heap, log, List.of(), arguments);
  }

  /**
   * As the other one, with further options of Java.
   *
   * @param options before the class, such as {@code -Dname=value}
   */
  public static ChildCommand start(
      String name, String heap, Path log, List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-") || option.startsWith("-XX:") || option.startsWith("-Djdk.")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heap);
    command.add("-D" + ParentWatch.PROPERTY + "=true");
    command.addAll(options);
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

  public long pid() {
    return process.pid();
  }

  /**
   * Returns where it still runs.
   *
   * @throws MillraceException its own error, where it has ended already
   */
  public void requireAlive() {
    if (!process.isAlive()) {
      throw failure();
    }
  }

  /**
   * Returns where it has ended well.
   *
   * @throws MillraceException its own error, where it exited with another code than 0
   */
  public void requireSuccess() {
    if (exitCode() != ExitCode.OK.code()) {
      throw failure();
    }
  }

  /** Waits until it has ended. */
  public void await() throws InterruptedException {
    process.waitFor();
  }

  /** Waits at most this long; whether it has ended. */
  public boolean await(Duration atMost) throws InterruptedException {
    return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Of an ended child. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM) and waits until it has. */
  public void stop() throws InterruptedException {
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

  /** The error that the ended child printed, as our own, with its exit code. */
  public MillraceException failure() {
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

  /** SIGKILL, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it at once where it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
