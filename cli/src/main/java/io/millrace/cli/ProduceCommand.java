package io.millrace.cli;

import io.millrace.core.config.LoadedConfig;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.json.JsonFile;
import io.millrace.core.process.ProcessCpu;
import io.millrace.core.process.Signals;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.producer.ProduceJob;
import io.millrace.producer.ProduceJobBuilder;
import io.millrace.producer.ProduceResult;
import io.millrace.producer.Producer;
import io.millrace.producer.Schemas;
import io.millrace.producer.Shard;
import io.millrace.producer.SubjectNaming;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace produce}. */
@Command(
    name = "produce",
    description = "Generate Avro records, or send those of a file, and count what is acknowledged.")
final class ProduceCommand implements Callable<Integer> {
  private static final String DEFAULT_SCHEMA = "user_event";

  @Mixin private ConfigOptions config;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Where to (default: the topic of the config's only stream).")
  private String topic;

  @Option(
      names = "--schema",
      paramLabel = "NAME|FILE",
      description =
          "user_event, user_event_v2, user_event_v3, click_stream, order, page_view or an .avsc file (default:"
              + " user_event).")
  private String schema = DEFAULT_SCHEMA;

  @Option(
      names = "--hints",
      paramLabel = "FILE",
      description = "How fields are generated: YAML or JSON, see docs/producer.md.")
  private Path hints;

  @Option(
      names = "--subject-naming",
      paramLabel = "NAME",
      converter = NamingConverter.class,
      description = "topic-name, record-name or topic-record-name (default: topic-name).")
  private SubjectNaming subjectNaming = SubjectNaming.TOPIC_NAME;

  @Option(
      names = "--records",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "How many records (default: no limit).")
  private long records = ProduceJob.UNLIMITED;

  @Option(
      names = "--rate",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "Records per second (default: as fast as possible).")
  private long rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = Converters.Time.class,
      description = "End after so long, such as 10m.")
  private Duration duration;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that generate and send, 1 to 64 (default: 1).")
  private int threads = 1;

  @Option(
      names = "--key",
      paramLabel = "FIELD",
      description = "Field whose value is the record's key (default: no key).")
  private String key;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Same seed and start time, same content (default: 1).")
  private long seed = 1;

  @Option(
      names = "--start-time",
      paramLabel = "TIME",
      converter = Converters.PointInTime.class,
      description = "Event time of the first record (default: now).")
  private Instant startTime;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Send the I-th of N parts of the job, counted from 1.")
  private String shard;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Send a .json, .jsonl, .ndjson, .csv or .avro file instead.")
  private Path from;

  @Option(
      names = "--tolerate",
      paramLabel = "N",
      description = "Lines of --from that may be wrong, or `all` (default: 0).")
  private String tolerate;

  @Option(
      names = "--dead-letter-topic",
      paramLabel = "NAME",
      description = "Where wrong lines go (default: TOPIC-dead-letters).")
  private String deadLetterTopic;

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "Write what was acknowledged, for millrace verify.")
  private Path manifest;

  @Option(
      names = "--acknowledged",
      paramLabel = "FILE",
      description =
          "Keep what is acknowledged in a file as it happens, so that it outlives a kill; for millrace"
              + " verify --manifest.")
  private Path acknowledged;

  @Option(
      names = "--create",
      paramLabel = "PARTITIONS",
      description = "Create the topic where it does not exist.")
  private Integer createPartitions;

  @Option(
      names = "--replication",
      paramLabel = "N",
      description = "Replicas of a created topic (default: the broker's).")
  private short replication = -1;

  @Option(names = "--report", paramLabel = "FILE", description = "Write what was done as JSON.")
  private Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    LoadedConfig loaded = config.load();
    ProduceJob job = job(loaded.config());
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    StopSignal stop = Signals.stopOnTermination();
    ProduceListenerLine listener = new ProduceListenerLine(spec.commandLine().getErr());
    try (SchemaRegistry registry = new RestSchemaRegistry(loaded.config().registry())) {
      ProduceResult result = Producer.run(job, registry, listener, stop);
      listener.end();
      ProduceReport summary = ProduceReport.of(result, ProcessCpu.nanos());
      if (report != null) {
        summary.write(report);
      }
      summary.print(spec.commandLine().getOut());
      return result.exitCode().code();
    } finally {
      listener.end();
    }
  }

  private ProduceJob job(MillraceConfig loaded) {
    StreamConfig stream = stream(loaded);
    String target = topic == null ? stream.topic() : topic;
    Map<String, String> kafka = stream == null ? loaded.kafka() : loaded.kafkaFor(stream);
    ProduceJobBuilder builder =
        ProduceJob.builder(target, Schemas.load(schema))
            .kafka(kafka)
            .subjectNaming(subjectNaming)
            .records(records)
            .rate(rate)
            .duration(duration)
            .threads(threads)
            .keyField(key)
            .seed(seed)
            .startTime(startTime)
            .from(from)
            .tolerate(tolerated())
            .deadLetterTopic(deadLetterTopic)
            .manifest(manifest)
            .acknowledged(acknowledged)
            .createPartitions(partitionsToCreate())
            .replication(replication);
    if (shard != null) {
      builder.shard(Shard.parse(shard));
    }
    if (hints != null) {
      builder.hints(HintsFile.read(hints));
    }
    return builder.build();
  }

  /** The stream whose topic it is; null where the topic is no stream's. */
  private StreamConfig stream(MillraceConfig loaded) {
    List<StreamConfig> streams = List.copyOf(loaded.streams().values());
    if (topic != null) {
      return streams.stream().filter(s -> s.topic().equals(topic)).findFirst().orElse(null);
    }
    if (streams.size() != 1) {
      throw Errors.usage(
          "No topic to send to",
          "--topic is not given and the config has " + streams.size() + " streams");
    }
    return streams.get(0);
  }

  private int partitionsToCreate() {
    if (createPartitions != null && createPartitions < 1) {
      throw Errors.usage(
          "The topic can't be created",
          "--create is " + createPartitions + ", at least 1 is needed");
    }
    return createPartitions == null ? 0 : createPartitions;
  }

  private long tolerated() {
    if (tolerate == null) {
      return 0;
    }
    if (tolerate.equals("all")) {
      return Long.MAX_VALUE;
    }
    Errors.requireOption(
        tolerate.matches("[0-9]{1,18}"), "--tolerate", tolerate, "a number of lines, or all");
    return Long.parseLong(tolerate);
  }

  /** {@code topic-name} for {@code TOPIC_NAME}. */
  static final class NamingConverter extends Converters.OneOf<SubjectNaming> {
    NamingConverter() {
      super(SubjectNaming.class);
    }
  }
}
