package io.millrace.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A number for each partition of one topic as JSON, in the form of Spark's Kafka source: {@code
 * {"topic":{"0":23,"1":-2}}}.
 */
final class PartitionNumbers {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PartitionNumbers() {}

  /**
   * @throws IllegalArgumentException with a reason in words, where it is something else
   */
  static SortedMap<Integer, Long> parse(String json, String topic) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject() || root.size() != 1 || !root.path(topic).isObject()) {
      throw new IllegalArgumentException(
          "it must have the form {\"%s\":{\"0\":23,\"1\":345}}".formatted(topic));
    }
    SortedMap<Integer, Long> numbers = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path(topic).properties()) {
      if (!entry.getKey().matches("\\d{1,9}") || !entry.getValue().isIntegralNumber()) {
        throw new IllegalArgumentException(
            "\"%s\":%s is no partition with a number".formatted(entry.getKey(), entry.getValue()));
      }
      numbers.put(Integer.valueOf(entry.getKey()), entry.getValue().asLong());
    }
    return numbers;
  }

  static String format(String topic, SortedMap<Integer, Long> numbers) {
    String partitions =
        numbers.entrySet().stream()
            .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
            .collect(Collectors.joining(",", "{", "}"));
    return MAPPER.createObjectNode().textNode(topic).toString().transform(t -> "{" + t + ":")
        + partitions
        + "}";
  }
}
