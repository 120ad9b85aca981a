package io.millrace.embedded.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python virtual environment under the module's {@code target} directory, made on first use and
 * used again by later tests and builds that need the same packages.
 */
public final class PythonEnvironment {
  private static final long INSTALL_LIMIT_SECONDS = 600;
  private static final long RUN_LIMIT_SECONDS = 300;

  /**
   * Runs a script and ends without the interpreter's own end, in which threads of pyarrow that
   * still run now and then abort the process (exit code 134) after all is done and printed.
   */
  private static final String RUN_AND_EXIT =
      """
      import os, runpy, sys, traceback
      sys.argv = sys.argv[1:]
      sys.path[0] = os.path.dirname(sys.argv[0])
      code = 0
      try:
          runpy.run_path(sys.argv[0], run_name="__main__")
      except SystemExit as end:
          code = end.code if isinstance(end.code, int) else int(end.code is not None)
          if code and not isinstance(end.code, int):
              print(end.code, file=sys.stderr)
      except BaseException:
          traceback.print_exc()
          code = 1
      sys.stdout.flush()
      sys.stderr.flush()
      os._exit(code)
      """;

  private final Path python;

  private PythonEnvironment(Path python) {
    this.python = python;
  }

  /**
   * What a script did.
   *
   * @param output standard output and error, as they came
   */
  public record Result(int exitCode, String output) {}

  /**
   * An environment with these packages. Skips the calling test where this machine has no python3;
   * fails where it has one and the packages can't be installed.
   *
   * @param requirements as pip takes them, such as {@code polars==2.1.0}
   */
  public static PythonEnvironment with(String... requirements) throws Exception {
    Assumptions.assumeTrue(hasPython(), "skipped: this machine has no python3 on its PATH");
    List<String> wanted = List.of(requirements);
    Path root =
        Path.of("target", "python", Integer.toHexString(wanted.hashCode())).toAbsolutePath();
    Path python = root.resolve("bin").resolve("python");
    Path complete = root.resolve("complete");
    Files.createDirectories(root);
    try (FileChannel channel =
            FileChannel.open(
                root.resolveSibling(root.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.exists(complete)) {
        require(List.of("python3", "-m", "venv", root.toString()));
        List<String> install = new ArrayList<>(List.of(python.toString(), "-m", "pip", "install"));
        install.add("--quiet");
        install.addAll(wanted);
        require(install);
        Files.write(complete, wanted);
      }
    }
    return new PythonEnvironment(python);
  }

  /** Runs a script to its end. */
  public Result run(Path script, String... arguments) throws Exception {
    return run(Map.of(), script, arguments);
  }

  /** As {@link #run(Path, String...)} with more environment variables. */
  public Result run(Map<String, String> variables, Path script, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(List.of(python.toString(), "-c", RUN_AND_EXIT, script.toString()));
    command.addAll(List.of(arguments));
    return run(command, variables, RUN_LIMIT_SECONDS);
  }

  private static boolean hasPython() throws Exception {
    try {
      return run(List.of("python3", "--version"), Map.of(), 60).exitCode() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void require(List<String> command) throws Exception {
    Result result = run(command, Map.of(), INSTALL_LIMIT_SECONDS);
    if (result.exitCode() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " ended with " + result.exitCode() + ":\n" + result.output());
    }
  }

  private static Result run(List<String> command, Map<String, String> variables, long limitSeconds)
      throws Exception {
    Path output = Files.createTempFile("python", ".out");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(variables);
      builder.redirectErrorStream(true).redirectOutput(output.toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            command + " still ran after " + limitSeconds + " s:\n" + text(output));
      }
      return new Result(process.exitValue(), text(output));
    } finally {
      Files.delete(output);
    }
  }

  private static String text(Path output) throws IOException {
    return new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
  }
}
