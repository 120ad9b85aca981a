package io.millrace.core.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes a config out whole: every key, defaults filled in, secrets hidden. */
final class EffectiveConfig {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build());

  private final Set<String> secretPaths;

  private EffectiveConfig(Set<String> secretPaths) {
    this.secretPaths = secretPaths;
  }

  static String yaml(MillraceConfig config, Set<String> secretPaths) {
    try {
      return YAML.writeValueAsString(new EffectiveConfig(secretPaths).tree(config));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps can't fail to be written", e);
    }
  }

  private Map<String, Object> tree(MillraceConfig config) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("kafka", properties("kafka", config.kafka()));
    Map<String, String> registry = new LinkedHashMap<>();
    registry.put("url", config.registry().url());
    registry.putAll(config.registry().properties());
    tree.put("registry", properties("registry", registry));
    tree.put("spark", properties("spark", config.spark()));
    tree.put("hadoop", properties("hadoop", config.hadoop()));
    Map<String, Object> streams = new LinkedHashMap<>();
    config.streams().forEach((name, s) -> streams.put(name, stream("streams." + name, s)));
    tree.put("streams", streams);
    return tree;
  }

  private Map<String, Object> stream(String path, StreamConfig s) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("topic", s.topic());
    tree.put("table", s.table());
    tree.put("subject", s.subject());
    tree.put("startingOffsets", startingOffsets(s.startingOffsets()));
    tree.put("triggerInterval", Units.format(s.triggerInterval()));
    tree.put("maxRecordsPerTrigger", s.maxRecordsPerTrigger());
    tree.put("maxBytesPerTrigger", Units.formatBytes(s.maxBytesPerTrigger()));
    tree.put("targetFileBytes", Units.formatBytes(s.targetFileBytes()));
    tree.put("compression", s.compression().name().toLowerCase(Locale.ROOT));
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("partition", column(s.columns().partition()));
    columns.put("offset", column(s.columns().offset()));
    columns.put("timestamp", column(s.columns().timestamp()));
    columns.put("key", column(s.columns().key()));
    columns.put("keyFormat", s.columns().keyFormat().name().toLowerCase(Locale.ROOT));
    columns.put("headers", column(s.columns().headers()));
    tree.put("columns", columns);
    tree.put("nullValues", s.nullValues().name().toLowerCase(Locale.ROOT));
    s.partitionBy().ifPresent(by -> tree.put("partitionBy", partitionBy(by)));
    tree.put("tableProperties", properties(path + ".tableProperties", s.tableProperties()));
    tree.put("maxRestarts", s.maxRestarts());
    tree.put("restartFor", Units.format(s.restartFor()));
    tree.put("kafka", properties(path + ".kafka", s.kafka()));
    tree.put("numberTypes", s.numberTypes().name().toLowerCase(Locale.ROOT));
    tree.put("unknownSchemaAfter", Units.format(s.unknownSchemaAfter()));
    tree.put("rules", RulesSection.shown(s.rules()));
    s.breaker()
        .ifPresent(
            breaker -> {
              Map<String, Object> parts = new LinkedHashMap<>();
              parts.put("records", breaker.records());
              parts.put("percent", breaker.percent());
              parts.put("window", Units.format(breaker.window()));
              tree.put("breaker", parts);
            });
    s.maxRecordBytes().ifPresent(most -> tree.put("maxRecordBytes", Units.formatBytes(most)));
    s.deadLetterTopic().ifPresent(topic -> tree.put("deadLetterTopic", topic));
    s.sql().ifPresent(sql -> tree.put("sql", sql));
    tree.put("consumerGroup", column(s.consumerGroup()));
    tree.replaceAll(
        (key, value) -> secretPaths.contains(path + "." + key) ? Secrets.HIDDEN : value);
    return tree;
  }

  private static String startingOffsets(StartingOffsets offsets) {
    if (offsets instanceof StartingOffsets.AtTimestamp at) {
      return at.timestamp().toString();
    }
    return offsets instanceof StartingOffsets.Earliest ? "earliest" : "latest";
  }

  private static String column(Optional<String> name) {
    return name.orElse(StreamSection.OFF);
  }

  private static Map<String, Object> partitionBy(PartitionBy by) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("source", by.source());
    tree.put("unit", by.unit().name().toLowerCase(Locale.ROOT));
    tree.put("column", by.column());
    return tree;
  }

  private Map<String, String> properties(String path, Map<String, String> properties) {
    Map<String, String> shown = Secrets.shown(properties);
    shown.replaceAll(
        (key, value) -> secretPaths.contains(path + "." + key) ? Secrets.HIDDEN : value);
    return shown;
  }
}
