package io.millrace.lake.ledger;

import java.util.List;
import java.util.SortedMap;

/**
 * What one stream has taken from its topic, cumulative since the table's first batch. Immutable.
 *
 * <p>For each partition: {@code next - first = rows + nulls + empty}, always; a ledger that breaks
 * this can't be made.
 *
 * @param stream name of the stream
 * @param topic name of the topic
 * @param topicId Kafka's id of the topic, base64 as Kafka prints it
 * @param clusterId Kafka's cluster id
 * @param epoch raised by one at each start of the stream's writer
 * @param owner host, process and start time of the writer, for people
 * @param sequence number of the batch, from 1; the Delta transaction version
 * @param attempt random id of the commit attempt: tells whose commit it was after an unknown
 *     outcome
 * @param partitions by partition number
 */
public record Ledger(
    String stream,
    String topic,
    String topicId,
    String clusterId,
    long epoch,
    String owner,
    long sequence,
    String attempt,
    SortedMap<Integer, Entry> partitions) {

  /**
   * One partition's account.
   *
   * @param first the first offset this stream was responsible for
   * @param next the offset after the last one taken
   * @param rows offsets that are rows of the table
   * @param nulls records with a null value, skipped
   * @param empty offsets without a record for readers: transaction markers, aborted records,
   *     compacted ones
   */
  public record Entry(long first, long next, long rows, long nulls, long empty) {}

  /** What one batch took from one partition: {@code [from, to)} and what was in it. */
  public record Taken(int partition, long from, long to, long rows, long nulls, long empty)
      implements java.io.Serializable {}

  /** The ledger after a batch: sequence one higher, a new attempt id, each range added. */
  public Ledger advance(List<Taken> taken, String attempt) {
    throw new IllegalStateException("to be written");
  }

  public String toJson() {
    throw new IllegalStateException("to be written");
  }

  public static Ledger fromJson(String json) {
    throw new IllegalStateException("to be written");
  }
}
