package io.millrace.ingest.task;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** The properties of the consumers that tasks read with. */
public final class ConsumerProperties {
  /** Records of one poll: enough that polls cost nothing, few enough to waste little at an end. */
  private static final int MAX_POLL_RECORDS = 2000;

  private static final double POLL_BYTES = 2 << 20;

  private ConsumerProperties() {}

  /**
   * Defaults, the user's properties over them, and over these what correctness needs: no group, no
   * offset reset.
   *
   * @param user client properties by Kafka's names
   * @param bytesPerRecord average bytes of a value, 0 where unknown
   */
  static Map<String, Object> of(Map<String, String> user, double bytesPerRecord) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    // A pooled consumer that seeks back waits for its old long poll to end.
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 32 << 20);
    properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, 1 << 20);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords(bytesPerRecord));
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(user);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    return properties;
  }

  /** Fewer for large records, in powers of two so that few kinds of consumers are pooled. */
  static int maxPollRecords(double bytesPerRecord) {
    if (bytesPerRecord <= 0) {
      return MAX_POLL_RECORDS;
    }
    int fitting = (int) Math.min(MAX_POLL_RECORDS, POLL_BYTES / bytesPerRecord);
    return fitting >= MAX_POLL_RECORDS ? fitting : Math.max(1, Integer.highestOneBit(fitting));
  }

  /** Whether the user's properties ask for records of open transactions, too. */
  public static boolean readsUncommitted(Map<String, String> user) {
    return "read_uncommitted".equals(user.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG));
  }
}
