package io.millrace.producer;

import java.time.Duration;

/**
 * How far a running job is.
 *
 * @param sent records and dead letters handed to the Kafka client
 * @param acknowledged records that the broker acknowledged
 * @param failed records whose delivery failed
 * @param deadLettered input lines that the broker acknowledged on the dead-letter topic
 * @param total records this process is going to send, -1 where that is not known
 * @param elapsed since the first send
 * @param recordsPerSecond acknowledged since the last progress, over the time since then
 */
public record Progress(
    long sent,
    long acknowledged,
    long failed,
    long deadLettered,
    long total,
    Duration elapsed,
    double recordsPerSecond) {

  /** Records sent that are neither acknowledged nor failed yet: the lag of the acks. */
  public long pending() {
    return sent - acknowledged - failed - deadLettered;
  }
}
