package io.millrace.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which local stack a command is about. */
public final class StackOptions {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Directory of broker, registry and lake (default: ./data).")
  private Path directory = Path.of("data");

  public Path directory() {
    Errors.requireOption(
        !directory.toString().isBlank(), "--dir", "empty", "the path of a directory");
    return directory.toAbsolutePath().normalize();
  }
}
