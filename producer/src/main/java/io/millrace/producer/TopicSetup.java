package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.StopSignal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics where that is asked for, and waits until every partition has a leader. */
final class TopicSetup implements AutoCloseable {
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Admin admin;
  private final String bootstrap;

  TopicSetup(Map<String, String> kafka) {
    bootstrap = kafka.get("bootstrap.servers");
    try {
      admin = Admin.create(KafkaProperties.forAdmin(kafka));
    } catch (KafkaException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The Kafka client can't be made",
          rootMessage(e),
          "Correct bootstrap.servers and the other kafka properties",
          e);
    }
  }

  /**
   * Waits for a topic's leaders.
   *
   * @param createPartitions partitions to create it with where it does not exist; 0: an error then
   */
  TopicInfo prepare(String topic, int createPartitions, short replication, StopSignal stop) {
    Optional<TopicDescription> found = describe(topic);
    if (found.isEmpty()) {
      if (createPartitions == 0) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The topic " + topic + " does not exist",
            "the broker at " + bootstrap + " does not know it",
            "Correct the name, or give --create PARTITIONS to create it");
      }
      create(topic, createPartitions, replication);
    }
    long begin = System.nanoTime();
    while (found.isEmpty() || !allHaveLeaders(found.get())) {
      if (System.nanoTime() - begin > PATIENCE_NANOS) {
        throw notReady(topic, found);
      }
      pause(topic, stop);
      found = describe(topic);
    }
    TopicDescription description = found.get();
    awaitServing(topic, description);
    return new TopicInfo(topic, description.topicId().toString(), description.partitions().size());
  }

  /**
   * Waits until each leader answers as one. A fresh topic's metadata names the leaders some time
   * before these have made their logs. An idempotent producer that sends in that time has its first
   * batch refused (NOT_LEADER_OR_FOLLOWER) and the second, already under way, accepted, as a
   * partition without producer state takes any sequence number; the first then is out of sequence
   * for good, and expires after delivery.timeout.ms. Listing offsets is answered by the leader's
   * replica itself, and the client repeats it until then.
   */
  private void awaitServing(String topic, TopicDescription description) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartitionInfo partition : description.partitions()) {
      latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
    }
    ListOffsetsOptions options =
        new ListOffsetsOptions().timeoutMs((int) TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
    try {
      admin.listOffsets(latest, options).all().get();
    } catch (ExecutionException e) {
      throw failed(topic, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static void pause(String topic, StopSignal stop) {
    try {
      if (stop.await(PAUSE)) {
        throw new MillraceException(
            ExitCode.INTERRUPTED,
            "Nothing was sent",
            "stopped while waiting for the topic " + topic,
            "Run the command again");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static boolean allHaveLeaders(TopicDescription description) {
    return description.partitions().stream().allMatch(TopicSetup::hasLeader);
  }

  private static boolean hasLeader(TopicPartitionInfo partition) {
    Node leader = partition.leader();
    return leader != null && !leader.isEmpty();
  }

  private MillraceException notReady(String topic, Optional<TopicDescription> found) {
    String state =
        found
            .map(
                d ->
                    d.partitions().stream().filter(p -> !hasLeader(p)).count()
                        + " of its partitions have no leader")
            .orElse("the broker does not show it yet");
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "The topic " + topic + " is not ready",
        "after 30 s " + state,
        "See that all brokers of " + bootstrap + " are running");
  }

  private Optional<TopicDescription> describe(String topic) {
    try {
      return Optional.of(admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw failed(topic, e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void create(String topic, int partitions, short replication) {
    NewTopic wanted =
        new NewTopic(
            topic,
            Optional.of(partitions),
            replication < 0 ? Optional.empty() : Optional.of(replication));
    try {
      admin.createTopics(List.of(wanted)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw failed(topic, e.getCause());
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private MillraceException failed(String topic, Throwable cause) {
    boolean timeout =
        cause instanceof org.apache.kafka.common.errors.TimeoutException
            || cause instanceof org.apache.kafka.common.errors.DisconnectException;
    return timeout
        ? new MillraceException(
            ExitCode.UNREACHABLE,
            "The Kafka broker at " + bootstrap + " does not answer",
            String.valueOf(cause.getMessage()),
            "Start the broker or correct bootstrap.servers",
            cause)
        : new MillraceException(
            ExitCode.USAGE,
            "The broker at " + bootstrap + " refuses the topic " + topic,
            rootMessage(cause),
            "Correct the topic's name and numbers, or the client's rights",
            cause);
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }

  @Override
  public void close() {
    admin.close(java.time.Duration.ZERO);
  }
}
