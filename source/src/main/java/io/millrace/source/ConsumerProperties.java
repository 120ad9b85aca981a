package io.millrace.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The properties of consumers that read given ranges of offsets. */
public final class ConsumerProperties {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
          1,
          // A consumer that is used again and seeks waits for its old long poll to end.
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
          10,
          ConsumerConfig.RECEIVE_BUFFER_CONFIG,
          1 << 20,
          CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
          "",
          CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
          false);

  private ConsumerProperties() {}

  /**
   * Defaults of all such consumers, then those of this one, the user's properties over them, and
   * over these what correctness needs: no group, no offset reset.
   *
   * @param sizes how much this kind of consumer fetches and polls
   * @param user client properties by Kafka's names
   */
  public static Map<String, Object> of(Map<String, Integer> sizes, Map<String, String> user) {
    Map<String, Object> properties = new HashMap<>(DEFAULTS);
    properties.putAll(sizes);
    properties.putAll(user);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return properties;
  }

  /** Whether the user's properties ask for records of open transactions, too. */
  public static boolean readsUncommitted(Map<String, String> user) {
    return "read_uncommitted".equals(user.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
  }
}
