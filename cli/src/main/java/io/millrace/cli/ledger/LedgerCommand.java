package io.millrace.cli.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Errors;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.history.LedgerHistory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace ledger}. */
@Command(
    name = "ledger",
    description =
        "Show what each stream's table has taken of its topic: offsets, and what became of them.",
    subcommands = ExportCommand.class)
public final class LedgerCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Of this stream only (default: all).")
  private String stream;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Of the streams of this topic only (default: all).")
  private String topic;

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "This Kafka partition only. May be repeated.")
  private Set<Integer> partitions = new LinkedHashSet<>();

  @Option(
      names = "--version-as-of",
      paramLabel = "N",
      description = "As it was at this version of the table (default: the latest).")
  private Long version;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  /** What is printed as JSON. */
  record Report(int format, List<LedgerView> streams) {}

  @Override
  public Integer call() throws JsonProcessingException {
    MillraceConfig loaded = config.load().config();
    List<LedgerView> views = new ArrayList<>();
    for (StreamConfig one : Streams.of(loaded, stream, topic)) {
      views.add(view(loaded, one));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(new Report(1, views)));
    } else {
      views.forEach(view -> out.print(view.toText()));
    }
    out.flush();
    return ExitCode.OK.code();
  }

  private LedgerView view(MillraceConfig loaded, StreamConfig one) {
    Optional<LedgerHistory> history = LedgerHistory.open(one.table(), loaded.hadoop(), one.name());
    if (history.isEmpty()) {
      return LedgerView.none(one, "there is no table yet");
    }
    long at = version == null ? history.get().latest() : version;
    Errors.requireOption(
        at >= history.get().oldest() && at <= history.get().latest(),
        "--version-as-of",
        at,
        "a version that %s still has, %d to %d"
            .formatted(one.table(), history.get().oldest(), history.get().latest()));
    return history
        .get()
        .at(at)
        .map(found -> LedgerView.of(one, found, partitions))
        .orElseGet(() -> LedgerView.none(one, "nothing was ingested at version " + at));
  }

  /** The history of a stream whose table must be there. */
  static LedgerHistory history(MillraceConfig loaded, StreamConfig one) {
    return LedgerHistory.open(one.table(), loaded.hadoop(), one.name())
        .orElseThrow(
            () ->
                new MillraceException(
                    ExitCode.USAGE,
                    "Stream " + one.name() + " has no history",
                    "there is no table at " + one.table(),
                    "Correct the stream's table, or ingest first"));
  }
}
