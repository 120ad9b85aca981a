package io.millrace.cli;

import io.millrace.core.json.JsonFile;
import io.millrace.producer.DeliveryFailure;
import io.millrace.producer.ProduceResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What {@code produce --report} writes. Times are milliseconds since the epoch, -1 where nothing
 * was sent.
 *
 * @param format version of this layout, 1
 * @param topic name of the topic
 * @param topicId Kafka's id of the topic
 * @param partitions how many partitions the topic has
 * @param schemaId the registry's id in the wire format
 * @param acknowledged records that the broker acknowledged
 * @param bytes of the acknowledged values, wire-format header included
 * @param failed records whose delivery failed
 * @param deadLettered input lines that did not fit
 * @param complete whether the whole job was done
 * @param firstSendMillis when the first record was sent
 * @param lastSendMillis when the last record was sent
 * @param durationMillis from before the first send to after the last acknowledgement
 * @param recordsPerSecond acknowledged records over that time
 * @param cpuNanosAtEnd processor time of the whole process from its start to this report
 * @param failures of the records that failed, by partition and cause
 */
public record ProduceReport(
    int format,
    String topic,
    String topicId,
    int partitions,
    int schemaId,
    long acknowledged,
    long bytes,
    long failed,
    long deadLettered,
    boolean complete,
    long firstSendMillis,
    long lastSendMillis,
    long durationMillis,
    double recordsPerSecond,
    long cpuNanosAtEnd,
    List<DeliveryFailure> failures) {

  static ProduceReport of(ProduceResult result, long cpuNanosAtEnd) {
    return new ProduceReport(
        1,
        result.topic(),
        result.topicId(),
        result.partitions(),
        result.schemaId(),
        result.acknowledged(),
        result.bytes(),
        result.failed(),
        result.deadLettered(),
        result.complete(),
        millis(result.firstSend()),
        millis(result.lastSend()),
        result.duration().toMillis(),
        result.recordsPerSecond(),
        cpuNanosAtEnd,
        result.failures());
  }

  private static long millis(Instant time) {
    return time == null ? -1 : time.toEpochMilli();
  }

  void write(Path file) {
    JsonFile.report(file).write(this);
  }

  void print(PrintWriter out) {
    out.printf(
        "%s: %,d records acknowledged, %,d failed, %.1f s, %,.0f records/s%n",
        topic, acknowledged, failed, durationMillis / 1e3, recordsPerSecond);
    if (deadLettered > 0) {
      out.printf("%s: %,d lines did not fit and are dead letters%n", topic, deadLettered);
    }
    for (DeliveryFailure failure : failures) {
      out.printf(
          "%s: partition %d: %,d records failed: %s%n",
          failure.topic(), failure.partition(), failure.records(), failure.cause());
    }
    out.flush();
  }
}
