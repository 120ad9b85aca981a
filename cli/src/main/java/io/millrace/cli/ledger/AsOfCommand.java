package io.millrace.cli.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Converters;
import io.millrace.cli.Errors;
import io.millrace.cli.Streams;
import io.millrace.cli.TopicPositions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.history.AsOf;
import io.millrace.lake.history.LedgerHistory;
import io.millrace.lake.ledger.Ledger;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace asof}. */
@Command(
    name = "asof",
    description = {
      "Find the first version of a table that holds a Kafka offset, or all records before a time:",
      "any Delta reader can query it as of that version."
    })
public final class AsOfCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "The stream (default: the only one).")
  private String stream;

  @Option(names = "--topic", paramLabel = "NAME", description = "The stream of this topic.")
  private String topic;

  @Option(
      names = "--partition",
      paramLabel = "P",
      description = "The Kafka partition (with --time the default is all).")
  private Integer partition;

  @Option(names = "--offset", paramLabel = "N", description = "The offset in the partition.")
  private Long offset;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = Converters.PointInTime.class,
      description = "All records with a Kafka timestamp before this, such as 2026-01-31T00:00:00Z.")
  private Instant time;

  @Option(
      names = "--generation",
      paramLabel = "G",
      description = "Of this generation of the topic (default: the latest).")
  private Integer generation;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    requireQuestion();
    MillraceConfig loaded = config.load().config();
    StreamConfig one = stream(loaded);
    LedgerHistory history = ofGeneration(LedgerCommand.history(loaded, one));
    AsOfAnswer answer =
        offset == null
            ? AsOfAnswer.ofTime(one, time, AsOf.of(history, positions(loaded, one)))
            : AsOfAnswer.ofOffset(
                one,
                partition,
                offset,
                AsOf.of(history, new TreeMap<>(Map.of(partition, offset + 1))));
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? JSON.writeValueAsString(answer) + System.lineSeparator() : answer.toText());
    out.flush();
    return (answer.version() == null ? ExitCode.ANSWER_IS_NO : ExitCode.OK).code();
  }

  private void requireQuestion() {
    if ((offset == null) == (time == null)) {
      throw Errors.usage("Nothing to look for", "give either --partition and --offset, or --time");
    }
    if (offset != null && partition == null) {
      throw Errors.usage("No partition to look in", "--offset needs --partition");
    }
    Errors.requireOption(
        generation == null || generation >= Ledger.FIRST_GENERATION,
        "--generation",
        generation,
        "1 or more");
    Errors.requireOption(
        partition == null || partition >= 0, "--partition", partition, "0 or more");
    Errors.requireOption(
        offset == null || (offset >= 0 && offset < Long.MAX_VALUE),
        "--offset",
        offset,
        "0 or more");
  }

  private LedgerHistory ofGeneration(LedgerHistory all) {
    return generation == null
        ? all
        : all.ofGeneration(generation)
            .orElseThrow(
                () ->
                    Errors.usage(
                        "There is no generation %d to look in".formatted(generation),
                        "`millrace ledger` shows those that there are, and the table's log must still"
                            + " have it"));
  }

  private StreamConfig stream(MillraceConfig loaded) {
    Collection<StreamConfig> found = Streams.of(loaded, stream, topic);
    if (found.size() != 1) {
      throw Errors.usage(
          "No stream to look at",
          "%d streams are meant: %s; name one with --stream"
              .formatted(
                  found.size(),
                  String.join(", ", found.stream().map(StreamConfig::name).toList())));
    }
    return found.iterator().next();
  }

  private SortedMap<Integer, Long> positions(MillraceConfig loaded, StreamConfig one) {
    SortedMap<Integer, Long> all = new TopicPositions(one.topic(), loaded.kafkaFor(one)).at(time);
    if (partition == null) {
      return all;
    }
    Errors.requireOption(
        all.containsKey(partition),
        "--partition",
        partition,
        "one of the %d of topic %s, from 0".formatted(all.size(), one.topic()));
    return new TreeMap<>(Map.of(partition, all.get(partition)));
  }
}
