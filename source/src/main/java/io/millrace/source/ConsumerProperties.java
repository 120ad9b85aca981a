package io.millrace.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The properties of the consumers that tasks read with. */
final class ConsumerProperties {
  private ConsumerProperties() {}

  /**
   * Defaults, the user's properties over them, and over these what correctness needs: no group, no
   * offset reset.
   */
  static Map<String, Object> of(Map<String, String> user) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    // A consumer that is used again and seeks waits for its old long poll to end.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    // A task reads one partition.
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
    // A poll fills one batch of columns.
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4096);
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(user);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return properties;
  }

  /** Whether the user's properties ask for records of open transactions, too. */
  static boolean readsUncommitted(Map<String, String> user) {
    return "read_uncommitted".equals(user.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
  }
}
