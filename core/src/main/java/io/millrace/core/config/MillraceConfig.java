package io.millrace.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The whole config file, with defaults filled in and secrets resolved.
 *
 * @param kafka Kafka client properties by their own names, {@code bootstrap.servers} among them
 * @param registry the schema registry
 * @param spark Spark properties by their own names
 * @param hadoop Hadoop properties by their own names
 * @param streams by name, in the file's order
 */
public record MillraceConfig(
    Map<String, String> kafka,
    RegistryConfig registry,
    Map<String, String> spark,
    Map<String, String> hadoop,
    Map<String, StreamConfig> streams) {

  public MillraceConfig {
    kafka = Collections.unmodifiableMap(new LinkedHashMap<>(kafka));
    spark = Collections.unmodifiableMap(new LinkedHashMap<>(spark));
    hadoop = Collections.unmodifiableMap(new LinkedHashMap<>(hadoop));
    streams = Collections.unmodifiableMap(new LinkedHashMap<>(streams));
  }

  /** Client properties of one stream: the common ones, overridden by the stream's own. */
  public Map<String, String> kafkaFor(StreamConfig stream) {
    Map<String, String> merged = new LinkedHashMap<>(kafka);
    merged.putAll(stream.kafka());
    return merged;
  }

  /** Without what must not be printed. */
  @Override
  public String toString() {
    return "MillraceConfig[kafka=%s, registry=%s, spark=%s, hadoop=%s, streams=%s]"
        .formatted(
            Secrets.shown(kafka),
            registry,
            Secrets.shown(spark),
            Secrets.shown(hadoop),
            streams.values());
  }
}
