package io.millrace.bench;

import io.millrace.core.avro.DecodeException;
import io.millrace.core.error.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace bench columns}. */
@Command(
    name = "columns",
    description = "Decoding, encoding and compressing alone, without Kafka and Spark.")
final class ColumnsBenchCommand implements Callable<Integer> {
  @Option(
      names = "--records",
      paramLabel = "N",
      description = "Records of a round (default: 1000000).")
  private int records = 1_000_000;

  @Option(names = "--rounds", paramLabel = "R", description = "How many (default: 10).")
  private int rounds = 10;

  @Option(
      names = "--schema",
      paramLabel = "NAME|FILE",
      description = "What is decoded (default: user_event).")
  private String schema = "user_event";

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "Where files are written (default: the system's temporary directory).")
  private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

  @Override
  public Integer call() throws IOException, DecodeException {
    ColumnBench.main(
        new String[] {
          String.valueOf(records), String.valueOf(rounds), schema, directory.toString()
        });
    return ExitCode.OK.code();
  }
}
