package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a millrace command as a process of its own, with this JVM's class path and options but a
 * heap of its own size, so that both sides of a comparison get the same JVM. The child ends with
 * this process: it holds the other end of the child's standard input (see the CLI's {@code
 * millrace.endWithParent}).
 */
final class ChildCommand {
  private final String heap;

  /**
   * @param heap the JVM's largest heap, as {@code -Xmx} takes it
   */
  ChildCommand(String heap) {
    this.heap = heap;
  }

  /**
   * Waits for the command's end.
   *
   * @param log gets what the command prints
   * @throws MillraceException where it doesn't exit with 0
   */
  void run(Path log, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-") || option.startsWith("-XX:") || option.startsWith("-Djdk.")) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heap);
    command.add("-Dmillrace.endWithParent=true");
    command.add("io.millrace.cli.Main");
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = null;
    try {
      process = builder.start();
      int code = process.waitFor();
      if (code != ExitCode.OK.code()) {
        throw new MillraceException(
            code == ExitCode.INTERRUPTED.code() ? ExitCode.INTERRUPTED : ExitCode.INTERNAL,
            "`millrace " + arguments.get(0) + "` failed",
            "it exited with " + code + ": " + lastLine(log),
            "Its log is " + log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new MillraceException(
          ExitCode.INTERRUPTED, "The bench", "its thread was interrupted", "Start it again", e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1);
  }
}
