package io.millrace.core.config;

import java.util.List;
import java.util.Map;

/** Kafka client properties: passed through, but for those that Millrace must set itself. */
final class KafkaProperties {
  static final String BOOTSTRAP = "bootstrap.servers";

  private static final String SET_BY_MILLRACE = "is set by Millrace and can't be changed";

  private static final Map<String, String> RESERVED =
      Map.of(
          "key.serializer", SET_BY_MILLRACE,
          "value.serializer", SET_BY_MILLRACE,
          "key.deserializer", SET_BY_MILLRACE,
          "value.deserializer", SET_BY_MILLRACE,
          "enable.auto.commit", SET_BY_MILLRACE + ": positions are kept in the table",
          "auto.offset.reset", SET_BY_MILLRACE + ": use the stream's startingOffsets");

  private KafkaProperties() {}

  static Map<String, String> read(String path, YamlNode.Mapping mapping, ConfigErrors errors) {
    Map<String, String> properties = Section.properties(path, mapping, errors);
    properties
        .keySet()
        .forEach(
            name -> {
              String origin = mapping.entries().get(name).origin();
              if (RESERVED.containsKey(name)) {
                errors.add(origin, path + "." + name, RESERVED.get(name));
              } else if (!name.equals(BOOTSTRAP)
                  && Suggestion.of(name, List.of(BOOTSTRAP)).isPresent()) {
                errors.add(origin, path + "." + name, "did you mean " + BOOTSTRAP + "?");
              }
            });
    return properties;
  }
}
