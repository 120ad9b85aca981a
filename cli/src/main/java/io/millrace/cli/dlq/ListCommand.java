package io.millrace.cli.dlq;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Errors;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.deadletter.DeadLetterView;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace dlq list}. */
@Command(name = "list", description = "List open dead letters, and count them by error class.")
final class ListCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Of this stream only (default: all).")
  private String stream;

  @Mixin private FilterOptions filter;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Show the first N of each stream; all are counted (default: 100).")
  private int limit = 100;

  @Option(names = "--all", description = "Redriven and discarded ones, too.")
  private boolean all;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** What is printed as JSON. */
  record Report(int format, List<DeadLetterList> streams) {}

  @Override
  public Integer call() throws JsonProcessingException {
    Errors.requireOption(limit >= 0, "--limit", limit, "0 or more");
    MillraceConfig loaded = config.load().config();
    List<DeadLetterList> lists = new ArrayList<>();
    for (StreamConfig one : Streams.named(loaded, stream)) {
      DeadLetterView view = DeadLetterView.open(one, loaded.hadoop());
      lists.add(DeadLetterList.read(one.name(), view, filter.filter(), all, limit));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(new Report(1, lists)));
    } else {
      lists.forEach(list -> out.print(list.toText()));
    }
    out.flush();
    return ExitCode.OK.code();
  }
}
