package io.millrace.core.config;

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

  /** Client properties of one stream: the common ones, overridden by the stream's own. */
  public Map<String, String> kafkaFor(StreamConfig stream) {
    Map<String, String> merged = new java.util.LinkedHashMap<>(kafka);
    merged.putAll(stream.kafka());
    return merged;
  }
}
