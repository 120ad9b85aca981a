package io.millrace.source;

import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.NullValues;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.Units;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * The options of one read, named as those of Spark's Kafka source where it has them.
 *
 * @param kafka client properties by Kafka's names
 * @param starting empty where none is given
 * @param ending empty where none is given
 * @param latestWithoutTimestamp where a partition has no record at or after the starting time:
 *     whether to start at its end, or to fail
 * @param maxTriggerDelay how long {@code minOffsetsPerTrigger} may hold back a batch
 * @param columns which columns to read, in this order; all where empty
 * @param unknownSchemaAfter how long the registry may say that it does not know a schema before a
 *     record that names it is bad
 */
record SourceOptions(
    String topic,
    String subject,
    RegistryConfig registry,
    Map<String, String> kafka,
    Optional<Bound> starting,
    Optional<Bound> ending,
    boolean latestWithoutTimestamp,
    Optional<Long> maxOffsetsPerTrigger,
    Optional<Long> minOffsetsPerTrigger,
    Duration maxTriggerDelay,
    Optional<Long> minPartitions,
    boolean failOnDataLoss,
    BadRecords badRecords,
    NullValues nullValues,
    Optional<List<String>> columns,
    KafkaColumns kafkaColumns,
    NumberTypes numberTypes,
    Duration unknownSchemaAfter) {
  private static final String KAFKA = "kafka.";
  private static final String REGISTRY = "registry.";

  /** Kafka's properties that would contradict what the source does itself. */
  private static final Set<String> OURS =
      Set.of(
          "auto.offset.reset",
          "enable.auto.commit",
          "group.protocol",
          "interceptor.classes",
          "key.deserializer",
          "value.deserializer");

  /** Secrets among the properties are not shown. */
  @Override
  public String toString() {
    return "SourceOptions[" + topic + "]";
  }

  static SourceOptions of(Map<String, String> given) {
    OptionMap options = new OptionMap(given);
    String topic = topic(options);
    Map<String, String> kafka = kafka(options);
    String url =
        options
            .text(REGISTRY + "url")
            .orElseThrow(
                () -> missing("registry.url", "as in http://registry:8081, where schemas are"));
    SourceOptions read =
        new SourceOptions(
            topic,
            options.text("subject").orElse(topic + "-value"),
            new RegistryConfig(url, Map.copyOf(options.withPrefix(REGISTRY))),
            kafka,
            bound(options, topic, "starting"),
            bound(options, topic, "ending"),
            options.oneOf("startingOffsetsByTimestampStrategy", Strategy.ERROR) == Strategy.LATEST,
            options.positive("maxOffsetsPerTrigger"),
            options.positive("minOffsetsPerTrigger"),
            options.value("maxTriggerDelay", Units::duration).orElse(Duration.ofMinutes(15)),
            options.positive("minPartitions"),
            options.flag("failOnDataLoss", true),
            options.oneOf("onBadRecord", BadRecords.FAIL),
            options.oneOf("nullValues", NullValues.SKIP),
            options.value("columns", SourceOptions::names),
            kafkaColumns(options),
            options.oneOf("types", NumberTypes.WIDE),
            options.value("unknownSchemaAfter", Units::duration).orElse(Duration.ofMinutes(1)));
    options.requireNoOthers();
    return read;
  }

  /** As Spark's Kafka source names them. */
  private enum Strategy {
    ERROR,
    LATEST
  }

  private static String topic(OptionMap options) {
    Optional<String> topic = options.text("topic");
    Optional<String> subscribe = options.text("subscribe");
    if (topic.isPresent() && subscribe.isPresent()) {
      throw options.wrong("subscribe", subscribe.get(), "there is a topic, too");
    }
    String name =
        topic
            .or(() -> subscribe)
            .map(String::strip)
            .orElseThrow(() -> missing("topic", "the Kafka topic to read"));
    if (name.contains(",")) {
      throw options.wrong(
          "topic", name, "a read is of one topic, because its columns are those of one schema");
    }
    return name;
  }

  private static Map<String, String> kafka(OptionMap options) {
    Map<String, String> kafka = options.withPrefix(KAFKA);
    if (!kafka.containsKey("bootstrap.servers")) {
      throw missing("kafka.bootstrap.servers", "as in broker:9092");
    }
    for (String name : kafka.keySet()) {
      if (OURS.contains(name)) {
        throw options.wrong(
            KAFKA + name, kafka.get(name), "the source sets this itself; remove the option");
      }
    }
    return Map.copyOf(kafka);
  }

  /** The most specific comes last in Spark's order: timestamp, offsets by timestamp, offsets. */
  private static Optional<Bound> bound(OptionMap options, String topic, String side) {
    Function<String, SortedMap<Integer, Long>> numbers = t -> PartitionNumbers.parse(t, topic);
    Optional<Bound> time =
        options.value(side + "Timestamp", SourceOptions::millis).map(Bound.Time::new);
    Optional<Bound> times =
        options.value(side + "OffsetsByTimestamp", numbers).map(Bound.Times::new);
    Optional<Bound> offsets =
        options.value(
            side + "Offsets",
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "earliest" -> new Bound.Earliest();
                  case "latest" -> new Bound.Latest();
                  default -> new Bound.Offsets(numbers.apply(text));
                });
    return time.or(() -> times).or(() -> offsets);
  }

  private static long millis(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new IllegalArgumentException("it must be milliseconds since 1970-01-01T00:00:00Z");
    }
    return Long.parseLong(text);
  }

  private static KafkaColumns kafkaColumns(OptionMap options) {
    return new KafkaColumns(
        kafkaColumn(options, "partition", Optional.of("kafka_partition")),
        kafkaColumn(options, "offset", Optional.of("kafka_offset")),
        kafkaColumn(options, "timestamp", Optional.of("kafka_timestamp")),
        kafkaColumn(options, "key", Optional.empty()),
        keyFormat(options),
        Optional.empty());
  }

  private static Optional<String> kafkaColumn(
      OptionMap options, String what, Optional<String> otherwise) {
    Optional<String> name = options.text("columns." + what);
    return name.isEmpty() ? otherwise : name.filter(n -> !n.equalsIgnoreCase("off"));
  }

  private static KeyFormat keyFormat(OptionMap options) {
    KeyFormat format = options.oneOf("keyFormat", KeyFormat.BYTES);
    if (format == KeyFormat.AVRO) {
      throw options.wrong("keyFormat", "avro", "the source reads keys as bytes or string");
    }
    return format;
  }

  private static List<String> names(String text) {
    List<String> names = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    if (names.contains("") || Set.copyOf(names).size() < names.size()) {
      throw new IllegalArgumentException("it must be different names with commas between");
    }
    return names;
  }

  private static RuntimeException missing(String name, String what) {
    return SourceErrors.usage(
        "Option '" + name + "' of format millrace is missing",
        "it says " + what,
        "Add it, as in .option(\"" + name + "\", ...)",
        null);
  }
}
