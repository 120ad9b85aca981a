package io.millrace.bench;

import io.millrace.core.error.ExitCode;
import io.millrace.core.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code millrace bench source-side}: one side of {@code bench source}, on its own. */
@Command(
    name = "source-side",
    description = "Read a topic in Spark with one of the sources that bench source compares.")
final class SourceSideCommand implements Callable<Integer> {
  @Option(names = "--reader", required = true, description = "ours or stock.")
  private SourceSide.Reader reader;

  @Option(names = "--bootstrap-servers", required = true, description = "The Kafka brokers.")
  private String bootstrapServers;

  @Option(names = "--registry", required = true, description = "The schema registry.")
  private String registryUrl;

  @Option(names = "--topic", required = true, description = "The topic.")
  private String topic;

  @Option(names = "--schema", required = true, description = "File with the writer schema.")
  private Path schema;

  @Option(names = "--columns", required = true, split = ",", description = "Fields to hash.")
  private List<String> columns;

  @Option(names = "--passes", required = true, description = "How many passes are measured.")
  private int passes;

  @Option(names = "--report", required = true, description = "Where the figures go, as JSON.")
  private Path report;

  @Override
  public Integer call() throws IOException {
    SourceSide.Job job =
        new SourceSide.Job(reader, bootstrapServers, registryUrl, topic, schema, columns, passes);
    JsonFile.report(report).write(SourceSide.run(job));
    return ExitCode.OK.code();
  }
}
