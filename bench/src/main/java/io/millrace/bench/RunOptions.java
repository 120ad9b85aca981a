package io.millrace.bench;

import io.millrace.core.json.JsonFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a bench with a broker of its own works, and where its figures go. */
final class RunOptions {
  @Option(
      names = "--dir",
      paramLabel = "D",
      description =
          "Empty directory for topic, tables and logs, or for `bench verify` one that it left"
              + " (default: a new one below data/bench).")
  private Path directory;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
  private Path report;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether the user chose where to work. */
  boolean isDirectoryGiven() {
    return directory != null;
  }

  /** Where to work, once the report's place is known to be good. */
  Path directory() {
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    return BenchDirectory.orNew(directory, command.name());
  }

  /** Prints a line that can be read at once. */
  void tell(String line) {
    PrintWriter out = out();
    out.println(line);
    out.flush();
  }

  /** Writes the report where one was asked for. */
  void write(Object figures) {
    if (report != null) {
      JsonFile.report(report).write(figures);
    }
  }

  PrintWriter out() {
    return command.commandLine().getOut();
  }
}
