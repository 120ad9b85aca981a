package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;

/** Opens Kafka producers that know the leader of every partition before the first record. */
final class Connections {
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Connections() {}

  static KafkaProducer<byte[], byte[]> open(
      Map<String, String> kafka, TopicInfo topic, StopSignal stop) {
    long begin = System.nanoTime();
    while (true) {
      KafkaProducer<byte[], byte[]> producer = create(KafkaProperties.forProducer(kafka));
      if (knowsAllLeaders(producer, topic)) {
        return producer;
      }
      // A producer asks for metadata again after minutes only; a fresh one asks at once.
      producer.close(Duration.ZERO);
      boolean late = System.nanoTime() - begin > PATIENCE_NANOS;
      if (late || isStopped(stop)) {
        throw new MillraceException(
            late ? ExitCode.UNREACHABLE : ExitCode.INTERRUPTED,
            "Nothing was sent to " + topic.name(),
            "not every partition has a leader that the producer knows",
            "See that all brokers are running and run the command again");
      }
    }
  }

  private static KafkaProducer<byte[], byte[]> create(Map<String, Object> properties) {
    try {
      return new KafkaProducer<>(properties);
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new MillraceException(
          ExitCode.USAGE,
          "The Kafka producer can't be made",
          String.valueOf(reason.getMessage()),
          "Correct the kafka properties",
          e);
    }
  }

  private static boolean knowsAllLeaders(KafkaProducer<byte[], byte[]> producer, TopicInfo topic) {
    try {
      List<PartitionInfo> known = producer.partitionsFor(topic.name());
      return known.size() >= topic.partitions()
          && known.stream().allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "Nothing was sent to " + topic.name(),
          "the producer can't learn its partitions: " + e.getMessage(),
          "See that all brokers are running and run the command again",
          e);
    }
  }

  private static boolean isStopped(StopSignal stop) {
    try {
      return stop.await(PAUSE);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
