package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a job did. Every record handed to Kafka is either acknowledged or failed, never both.
 *
 * @param topic name of the topic
 * @param topicId Kafka's id of the topic
 * @param partitions how many partitions the topic has
 * @param schemaId the registry's id in the wire format
 * @param acknowledged records that the broker acknowledged
 * @param bytes of the acknowledged records' values, wire-format header included
 * @param failed records whose delivery failed; some may be in the log all the same
 * @param deadLettered input lines that did not fit and are on the dead-letter topic
 * @param tolerated how many of those were tolerated ({@link Long#MAX_VALUE}: all)
 * @param failures of the records that failed, by partition and cause
 * @param complete whether the whole job was done (false: stopped, or ended by failures)
 * @param endless whether the job had no end of its own, so that being stopped is its way to end
 * @param unreachable whether deliveries failed because the broker did not answer in time
 * @param firstSend wall clock at the first record sent; null where nothing was sent
 * @param lastSend wall clock at the last record sent; null where nothing was sent
 * @param duration from before the first send to after the last acknowledgement
 * @param cpu processor time of this process in that time, all threads
 * @param manifest where the job asked for one
 */
public record ProduceResult(
    String topic,
    String topicId,
    int partitions,
    int schemaId,
    long acknowledged,
    long bytes,
    long failed,
    long deadLettered,
    long tolerated,
    List<DeliveryFailure> failures,
    boolean complete,
    boolean endless,
    boolean unreachable,
    Instant firstSend,
    Instant lastSend,
    Duration duration,
    Duration cpu,
    Optional<Manifest> manifest) {

  /** Acknowledged records per second of {@link #duration}; 0 where nothing was acknowledged. */
  public double recordsPerSecond() {
    return acknowledged == 0 ? 0 : acknowledged * 1e9 / Math.max(1, duration.toNanos());
  }

  /** Microseconds of {@link #cpu} for each acknowledged record; 0 where there are none. */
  public double cpuMicrosPerRecord() {
    return acknowledged == 0 ? 0 : cpu.toNanos() / 1e3 / acknowledged;
  }

  /** What the command exits with. */
  public ExitCode exitCode() {
    if (failed > 0) {
      return unreachable ? ExitCode.UNREACHABLE : ExitCode.ANSWER_IS_NO;
    }
    if (deadLettered > tolerated) {
      return ExitCode.ANSWER_IS_NO;
    }
    return complete || endless ? ExitCode.OK : ExitCode.INTERRUPTED;
  }
}
