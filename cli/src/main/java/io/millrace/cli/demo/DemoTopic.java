package io.millrace.cli.demo;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes sure that the topic is there and ready. */
final class DemoTopic {
  private static final Duration READY_LIMIT = Duration.ofMinutes(1);

  private DemoTopic() {}

  /**
   * Creates the topic where it is missing and returns when each partition has a leader.
   *
   * @return how many partitions it has
   */
  static int ensure(Map<String, String> kafka, String topic, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.copyOf(kafka))) {
      try {
        admin
            .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
            .all()
            .get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      long deadline = System.nanoTime() + READY_LIMIT.toNanos();
      Optional<Integer> ready = ready(admin, topic);
      while (ready.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new MillraceException(
              ExitCode.UNREACHABLE,
              "The topic " + topic + " is not ready",
              "some partitions have no leader after " + READY_LIMIT.toSeconds() + " s",
              "Look into logs/broker.log");
        }
        Thread.sleep(50);
        ready = ready(admin, topic);
      }
      return ready.get();
    }
  }

  /** The number of partitions once each has a leader. */
  private static Optional<Integer> ready(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    try {
      TopicDescription description =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      boolean led =
          description.partitions().stream()
              .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
      return led ? Optional.of(description.partitions().size()) : Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty(); // Created, but not yet in the broker's copy of the metadata.
      }
      throw e;
    }
  }
}
