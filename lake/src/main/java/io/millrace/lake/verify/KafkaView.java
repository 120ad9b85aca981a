package io.millrace.lake.verify;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What Kafka says of a topic at one moment.
 *
 * @param clusterId the cluster's id
 * @param topicId the topic's id as Kafka prints it
 * @param compacted whether its clean-up policy contains {@code compact}
 * @param logs first and end offset by partition
 */
record KafkaView(String clusterId, String topicId, boolean compacted, Map<Integer, Log> logs) {
  /** Longer than any answer of a cluster that is up; the client's own default is 60 s. */
  private static final long ANSWER_SECONDS = 20;

  /**
   * One partition's log.
   *
   * @param start the first offset it still has
   * @param end the offset after the last one that readers of the isolation level may see
   */
  record Log(long start, long end) {}

  KafkaView {
    logs = Map.copyOf(logs);
  }

  /**
   * Asks Kafka; empty where the topic does not exist.
   *
   * @throws KafkaException where Kafka does not answer
   */
  static Optional<KafkaView> of(
      Map<String, Object> adminProperties, String topic, IsolationLevel isolation) {
    try (Admin admin = Admin.create(adminProperties)) {
      String clusterId = answer(admin.describeCluster().clusterId());
      TopicDescription description;
      try {
        description = answer(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
      } catch (UnknownTopicOrPartitionException e) {
        return Optional.empty();
      }
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      String policy =
          answer(admin.describeConfigs(List.of(resource)).values().get(resource))
              .get(TopicConfig.CLEANUP_POLICY_CONFIG)
              .value();
      return Optional.of(
          new KafkaView(
              clusterId,
              description.topicId().toString(),
              policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT),
              logs(admin, description, isolation)));
    }
  }

  private static Map<Integer, Log> logs(
      Admin admin, TopicDescription description, IsolationLevel isolation) {
    Map<TopicPartition, OffsetSpec> earliest = new HashMap<>();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (TopicPartitionInfo info : description.partitions()) {
      TopicPartition partition = new TopicPartition(description.name(), info.partition());
      earliest.put(partition, OffsetSpec.earliest());
      latest.put(partition, OffsetSpec.latest());
    }
    ListOffsetsOptions options = new ListOffsetsOptions(isolation);
    Map<TopicPartition, ListOffsetsResultInfo> starts =
        answer(admin.listOffsets(earliest, options).all());
    Map<TopicPartition, ListOffsetsResultInfo> ends =
        answer(admin.listOffsets(latest, options).all());
    Map<Integer, Log> logs = new HashMap<>();
    starts.forEach(
        (partition, start) ->
            logs.put(partition.partition(), new Log(start.offset(), ends.get(partition).offset())));
    return logs;
  }

  private static <T> T answer(KafkaFuture<T> future) {
    try {
      return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException known) {
        throw known;
      }
      throw new KafkaException(e.getCause());
    } catch (TimeoutException e) {
      throw new KafkaException("no answer in " + ANSWER_SECONDS + " s", e);
    } catch (InterruptedException e) {
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }
}
