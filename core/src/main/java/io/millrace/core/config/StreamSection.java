package io.millrace.core.config;

import io.millrace.core.config.PartitionBy.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/** Reads one stream: {@code streams.<name>}. */
final class StreamSection {
  /** Every key of a stream, in the order in which they are documented and printed. */
  static final List<String> KEYS =
      List.of(
          "topic",
          "table",
          "subject",
          "startingOffsets",
          "triggerInterval",
          "maxRecordsPerTrigger",
          "maxBytesPerTrigger",
          "targetFileBytes",
          "compression",
          "columns",
          "nullValues",
          "partitionBy",
          "tableProperties",
          "maxRestarts",
          "restartFor",
          "kafka",
          "numberTypes",
          "unknownSchemaAfter",
          "rules",
          "breaker",
          "maxRecordBytes",
          "deadLetterTopic",
          "sql",
          "consumerGroup");

  static final List<String> COLUMN_KEYS =
      List.of("partition", "offset", "timestamp", "key", "keyFormat", "headers");
  static final List<String> PARTITION_KEYS = List.of("source", "unit", "column");

  static final List<String> BREAKER_KEYS = List.of("records", "percent", "window");

  /** In place of a column name: the column is not written. */
  static final String OFF = "off";

  /** Other words of YAML's for {@link #OFF}, and those that can't be meant as names. */
  private static final Set<String> NO = Set.of(OFF, "false", "no");

  private static final Set<String> YES = Set.of("on", "true", "yes");

  /** A name is a key of the ledger and part of paths given by {@code --set}. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  /** Kafka's own rule (org.apache.kafka.common.internals.Topic). */
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T23:59:59Z");

  private final Section section;
  private final TablePaths paths;
  private final ConfigErrors errors;

  private StreamSection(Section section, TablePaths paths, ConfigErrors errors) {
    this.section = section;
    this.paths = paths;
    this.errors = errors;
  }

  /** The stream, or empty where it can't be made; what is wrong is told to {@code errors}. */
  static Optional<StreamConfig> read(
      String name, YamlNode.Mapping mapping, TablePaths paths, ConfigErrors errors) {
    String path = "streams." + name;
    if (!NAME.matcher(name).matches()) {
      errors.add(mapping.origin(), path, "stream names are letters, digits, - and _");
    }
    return new StreamSection(new Section(path, mapping, KEYS, errors), paths, errors).read(name);
  }

  private Optional<StreamConfig> read(String name) {
    String topic = section.required("topic", "the name of a Kafka topic");
    String table = section.required("table", "the path of the Delta table");
    StreamConfig defaults =
        StreamConfig.of(name, topic == null ? "" : topic, table == null ? "" : table);
    KafkaColumns columns =
        section.section("columns", COLUMN_KEYS).map(this::columns).orElse(defaults.columns());
    StreamConfig stream =
        new StreamConfig(
            name,
            section.value("topic", "", StreamSection::topic),
            section.value("table", "", paths::resolve),
            section.text("subject").orElse(defaults.subject()),
            section.value(
                "startingOffsets", defaults.startingOffsets(), StreamSection::startingOffsets),
            section.value("triggerInterval", defaults.triggerInterval(), Units::duration),
            number("maxRecordsPerTrigger", defaults.maxRecordsPerTrigger(), Units::count),
            number("maxBytesPerTrigger", defaults.maxBytesPerTrigger(), Units::bytes),
            number("targetFileBytes", defaults.targetFileBytes(), Units::bytes),
            section.oneOf("compression", defaults.compression(), Compression.class),
            columns,
            section.oneOf("nullValues", defaults.nullValues(), NullValues.class),
            section
                .section("partitionBy", PARTITION_KEYS)
                .flatMap(partition -> partitionBy(partition, columns)),
            section.properties("tableProperties"),
            section.value("maxRestarts", defaults.maxRestarts(), StreamSection::restarts),
            section.value("restartFor", defaults.restartFor(), Units::duration),
            KafkaProperties.read(section.path("kafka"), section.mapping("kafka"), errors),
            section.oneOf("numberTypes", defaults.numberTypes(), NumberTypes.class),
            section.value("unknownSchemaAfter", defaults.unknownSchemaAfter(), Units::duration),
            RulesSection.read(section.path("rules"), section.mapping("rules"), errors),
            section.section("breaker", BREAKER_KEYS).map(this::breaker),
            section.value(
                "maxRecordBytes",
                defaults.maxRecordBytes(),
                text -> OptionalLong.of(Math.max(1, Units.bytes(text)))),
            section.value(
                "deadLetterTopic",
                defaults.deadLetterTopic(),
                text -> Optional.of(deadLetterTopic(text, topic))),
            section.text("sql"),
            section.value("consumerGroup", defaults.consumerGroup(), StreamSection::group));
    return topic == null || table == null ? Optional.empty() : Optional.of(stream);
  }

  private Breaker breaker(Section breaker) {
    for (String key : BREAKER_KEYS) {
      breaker.required(key, "a value: a breaker has " + String.join(", ", BREAKER_KEYS));
    }
    return new Breaker(
        breaker.value("records", 0L, Units::count),
        breaker.value("percent", 0.0, StreamSection::percent),
        breaker.value("window", Duration.ofMinutes(1), StreamSection::window));
  }

  private static double percent(String text) {
    try {
      double percent = Double.parseDouble(text);
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException("0 to 100");
  }

  private static Duration window(String text) {
    Duration window = Units.duration(text);
    if (window.isZero() || window.isNegative()) {
      throw new IllegalArgumentException("more than zero");
    }
    return window;
  }

  private static String topic(String text) {
    if (!TOPIC.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("1 to 249 letters, digits, '.', '_' and '-'");
    }
    return text;
  }

  private static String deadLetterTopic(String text, String topic) {
    if (text.equals(topic)) {
      throw new IllegalArgumentException("another topic than the stream's own");
    }
    return topic(text);
  }

  private static Optional<String> group(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (YES.contains(lower)) {
      throw new IllegalArgumentException("the name of a consumer group, or " + OFF);
    }
    return NO.contains(lower) ? Optional.empty() : Optional.of(text);
  }

  private long number(String key, long otherwise, ToLongFunction<String> parse) {
    LongPredicate right = n -> n >= 1;
    return section.value(
        key,
        otherwise,
        text -> {
          long number = parse.applyAsLong(text);
          if (!right.test(number)) {
            throw new IllegalArgumentException("at least 1");
          }
          return number;
        });
  }

  private static int restarts(String text) {
    long count = Units.count(text);
    if (count > 1_000) {
      throw new IllegalArgumentException("0 to 1000");
    }
    return (int) count;
  }

  private static StartingOffsets startingOffsets(String text) {
    switch (text.toLowerCase(Locale.ROOT)) {
      case "earliest":
        return new StartingOffsets.Earliest();
      case "latest":
        return new StartingOffsets.Latest();
      default:
        return new StartingOffsets.AtTimestamp(instant(text));
    }
  }

  private static Instant instant(String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (instant.isBefore(Instant.EPOCH) || instant.isAfter(LAST_INSTANT)) {
        throw new IllegalArgumentException("a time from 1970 to 9999, as Kafka has no others");
      }
      return instant;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "earliest, latest or a time such as 2026-01-31T00:00:00Z"
              + Suggestion.text(text, List.of("earliest", "latest")),
          e);
    }
  }

  private KafkaColumns columns(Section columns) {
    KafkaColumns defaults = KafkaColumns.DEFAULT;
    KafkaColumns named =
        new KafkaColumns(
            column(columns, "partition", defaults.partition()),
            column(columns, "offset", defaults.offset()),
            column(columns, "timestamp", defaults.timestamp()),
            column(columns, "key", defaults.key()),
            columns.oneOf("keyFormat", defaults.keyFormat(), KeyFormat.class),
            column(columns, "headers", defaults.headers()));
    if (named.key().isEmpty() && named.keyFormat() != defaults.keyFormat()) {
      errors.add(
          columns.origin(),
          columns.path("keyFormat"),
          "says what the column columns.key stores; needed: a name for that column");
    }
    List<String> names =
        named.names().values().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    if (names.stream().distinct().count() < names.size()) {
      errors.add(columns.origin(), section.path("columns"), "two columns have the same name");
    }
    return named;
  }

  private static Optional<String> column(Section columns, String key, Optional<String> otherwise) {
    return columns.value(
        key,
        otherwise,
        text -> {
          String word = text.toLowerCase(Locale.ROOT);
          if (word.isBlank() || YES.contains(word)) {
            throw new IllegalArgumentException("the name of a column, or off");
          }
          return NO.contains(word) ? Optional.empty() : Optional.of(text);
        });
  }

  private Optional<PartitionBy> partitionBy(Section partition, KafkaColumns columns) {
    String source = partition.required("source", "the name of a timestamp column");
    Unit unit = partition.oneOf("unit", Unit.DATE, Unit.class);
    if (source == null) {
      return Optional.empty();
    }
    String column =
        partition.text("column").orElse(source + "_" + unit.name().toLowerCase(Locale.ROOT));
    if (column.equalsIgnoreCase(source)) {
      errors.add(
          partition.origin(),
          partition.path("column"),
          "is \"%s\", the name of its source column; needed: another name".formatted(column));
    }
    columns
        .names()
        .forEach(
            (key, name) -> {
              String what = section.path("columns") + "." + key;
              if (column.equalsIgnoreCase(name)) {
                errors.add(
                    partition.origin(),
                    partition.path("column"),
                    "is \"%s\", the name of %s; needed: another name".formatted(column, what));
              }
              if (source.equalsIgnoreCase(name) && !key.equals("timestamp")) {
                errors.add(
                    partition.origin(),
                    partition.path("source"),
                    "is \"%s\", the name of %s; needed: a timestamp column"
                        .formatted(source, what));
              }
            });
    return Optional.of(new PartitionBy(source, unit, column));
  }
}
