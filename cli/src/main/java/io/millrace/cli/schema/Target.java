package io.millrace.cli.schema;

import io.millrace.cli.Errors;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is about.
 *
 * @param subject the registry's
 * @param topic empty where only a subject was named and no stream has it
 * @param stream the config's stream of that topic, if it has one
 * @param key whether it is the schema of the records' keys
 */
record Target(String subject, Optional<String> topic, Optional<StreamConfig> stream, boolean key) {

  /**
   * @param topic null where not given; then that of the subject's stream, or of the only one
   * @param subject null where not given; then the topic's
   */
  static Target of(MillraceConfig config, String topic, String subject, boolean key) {
    List<StreamConfig> streams = List.copyOf(config.streams().values());
    Optional<StreamConfig> stream = stream(streams, topic, subject);
    if (topic == null && subject == null && stream.isEmpty()) {
      throw Errors.usage(
          "No schema to look at",
          "neither --topic nor --subject is given and the config has "
              + streams.size()
              + " streams");
    }
    Optional<String> named = Optional.ofNullable(topic).or(() -> stream.map(StreamConfig::topic));
    return new Target(
        subject != null ? subject : subjectOf(named.orElseThrow(), stream, key),
        named,
        stream,
        key);
  }

  private static Optional<StreamConfig> stream(
      List<StreamConfig> streams, String topic, String subject) {
    if (topic != null) {
      return streams.stream().filter(s -> s.topic().equals(topic)).findFirst();
    }
    if (subject != null) {
      return streams.stream().filter(s -> s.subject().equals(subject)).findFirst();
    }
    return streams.size() == 1 ? Optional.of(streams.get(0)) : Optional.empty();
  }

  /** Confluent's TopicNameStrategy, but for a value whose stream says another subject. */
  private static String subjectOf(String topic, Optional<StreamConfig> stream, boolean key) {
    return key ? topic + "-key" : stream.map(StreamConfig::subject).orElse(topic + "-value");
  }

  /** Kafka client properties for the topic. */
  Map<String, String> kafka(MillraceConfig config) {
    return stream.map(config::kafkaFor).orElse(config.kafka());
  }
}
