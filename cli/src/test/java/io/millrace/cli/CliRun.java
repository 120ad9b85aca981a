package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command line as users start it: {@link Main} in a process of its own.
 *
 * @param err without a terminal there, so no moving lines
 */
record CliRun(int exitCode, String out, String err) {
  static final long LIMIT_SECONDS = 300;

  static CliRun of(String... arguments) throws IOException, InterruptedException {
    return in(Path.of("target"), arguments);
  }

  /** With this working directory. */
  static CliRun in(Path directory, String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile("cli", ".out");
    Path err = Files.createTempFile("cli", ".err");
    try {
      return ended(start(directory, out, Redirect.to(err.toFile()), arguments), out, err);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Waits until it has ended; its output went to these files. */
  static CliRun ended(Process process, Path out, Path err)
      throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("it still ran after " + LIMIT_SECONDS + " s: " + text(err));
    }
    return new CliRun(process.exitValue(), text(out), text(err));
  }

  /** Started and left running. */
  static Process start(Path directory, Path out, Redirect err, String... arguments)
      throws IOException {
    return start(List.of(), directory, out, err, arguments);
  }

  /** Likewise, with more options for the JVM. */
  static Process start(
      List<String> options, Path directory, Path out, Redirect err, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--add-opens") || option.startsWith("-Djdk.")) {
        command.add(option);
      }
    }
    command.addAll(options);
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }

  /** Lines on standard error that are our errors. */
  List<String> errors() {
    return err.lines().filter(line -> line.startsWith("millrace: ")).toList();
  }

  /** It ended with this code and one error, which says all of this. */
  static void assertOneLine(CliRun run, ExitCode code, String... parts) {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(code.code());
    assertThat(run.errors()).as(run.err()).hasSize(1);
    assertThat(run.errors().get(0))
        .as("problem: reason. remedy")
        .matches("millrace: .+: .+[.!?] .+")
        .contains(parts);
    assertThat(run.err()).doesNotContain("\tat ").doesNotContain("Exception in thread");
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
