package io.millrace.ingest.task;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** How much the consumers of tasks fetch and poll, as properties of Kafka's client. */
final class PollSizes {
  /** Records of one poll: enough that polls cost nothing, few enough to waste little at an end. */
  private static final int MAX_POLL_RECORDS = 2000;

  private static final double POLL_BYTES = 2 << 20;

  private PollSizes() {}

  /**
   * @param bytesPerRecord average bytes of a value, 0 where unknown
   */
  static Map<String, Integer> of(double bytesPerRecord) {
    return Map.of(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        1 << 20,
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
        32 << 20,
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        maxPollRecords(bytesPerRecord));
  }

  /** Fewer for large records, in powers of two so that few kinds of consumers are pooled. */
  static int maxPollRecords(double bytesPerRecord) {
    if (bytesPerRecord <= 0) {
      return MAX_POLL_RECORDS;
    }
    int fitting = (int) Math.min(MAX_POLL_RECORDS, POLL_BYTES / bytesPerRecord);
    return fitting >= MAX_POLL_RECORDS ? fitting : Math.max(1, Integer.highestOneBit(fitting));
  }
}
