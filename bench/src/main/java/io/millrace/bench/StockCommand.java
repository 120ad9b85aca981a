package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import io.millrace.core.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench stock}: what ours is compared with, on its own. */
@Command(
    name = "stock",
    description = "Drain a topic with stock Spark: Kafka source, from_avro, Delta sink.")
final class StockCommand implements Callable<Integer> {
  @Option(names = "--bootstrap-servers", required = true, description = "The Kafka brokers.")
  private String bootstrapServers;

  @Option(names = "--topic", required = true, description = "The topic.")
  private String topic;

  @Option(names = "--schema", required = true, description = "File with the writer schema.")
  private Path schema;

  @Option(names = "--table", required = true, description = "Where the table is written.")
  private Path table;

  @Option(names = "--checkpoint", required = true, description = "Spark's checkpoint directory.")
  private Path checkpoint;

  @Mixin private BatchOptions batches;

  @Option(names = "--files", description = "Data files a batch (default: processors).")
  private int files = Runtime.getRuntime().availableProcessors();

  @Option(names = "--report", required = true, description = "Where the figures go, as JSON.")
  private Path report;

  @Override
  public Integer call() throws IOException {
    StockIngest.Job job =
        new StockIngest.Job(
            bootstrapServers,
            topic,
            Files.readString(schema),
            table.toAbsolutePath().toString(),
            checkpoint.toAbsolutePath().toString(),
            batches.maxRecordsPerTrigger(),
            batches.firstBatchRecords(),
            files);
    JsonFile.report(report).write(StockIngest.run(job));
    return ExitCode.OK.code();
  }
}
