package io.millrace.source;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * What the driver asks Kafka about one topic. Used by one thread at a time.
 *
 * <p>Asked anew each time: a consumer's view of a topic is minutes old.
 */
final class TopicAdmin implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);
  private static final int ATTEMPTS_FOR_NEW_PARTITIONS = 10;

  private final Admin admin;
  private final String topic;
  private final String servers;
  private final ListOffsetsOptions isolation;

  TopicAdmin(String topic, Map<String, String> kafka) {
    this.topic = topic;
    this.servers = kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    this.isolation =
        new ListOffsetsOptions(
            ConsumerProperties.readsUncommitted(kafka)
                ? IsolationLevel.READ_UNCOMMITTED
                : IsolationLevel.READ_COMMITTED);
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
    properties.putAll(kafka);
    properties.keySet().removeIf(TopicAdmin::isOfConsumersOnly);
    try {
      admin = Admin.create(properties);
    } catch (KafkaException e) {
      throw SourceErrors.usage(
          "No Kafka client can be made for topic " + topic,
          String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage()),
          "Look at the options that begin with kafka.",
          e);
    }
  }

  private static boolean isOfConsumersOnly(String property) {
    return !AdminClientConfig.configNames().contains(property)
        && ConsumerConfig.configNames().contains(property);
  }

  /** The first offset that is there, of every partition that there is. */
  SortedMap<Integer, Long> earliest() {
    return offsets(p -> OffsetSpec.earliest());
  }

  /** The offset after the last that can be read, of every partition that there is. */
  SortedMap<Integer, Long> latest() {
    return offsets(p -> OffsetSpec.latest());
  }

  /** The first offset at or after a time in milliseconds, or below 0 where there is none. */
  SortedMap<Integer, Long> at(Function<Integer, Long> millis) {
    return offsets(p -> OffsetSpec.forTimestamp(millis.apply(p)));
  }

  private SortedMap<Integer, Long> offsets(Function<Integer, OffsetSpec> spec) {
    for (int attempt = 1; ; attempt++) {
      try {
        return offsetsOnce(spec);
      } catch (MillraceException e) {
        // A broker can list a new partition before it can tell its offsets.
        boolean tooEarly = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!tooEarly || attempt == ATTEMPTS_FOR_NEW_PARTITIONS) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_ATTEMPTS.toMillis());
    } catch (InterruptedException e) {
      throw SourceErrors.interrupted();
    }
  }

  private SortedMap<Integer, Long> offsetsOnce(Function<Integer, OffsetSpec> spec) {
    Collection<TopicPartitionInfo> partitions =
        get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic)).partitions();
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream()
            .map(TopicPartitionInfo::partition)
            .collect(Collectors.toMap(p -> new TopicPartition(topic, p), spec));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        get(admin.listOffsets(asked, isolation).all());
    SortedMap<Integer, Long> offsets = new TreeMap<>();
    found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
    return offsets;
  }

  private <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw SourceErrors.interrupted();
    } catch (ExecutionException e) {
      throw translated(e.getCause());
    }
  }

  private MillraceException translated(Throwable cause) {
    String problem = "Topic " + topic + " can't be read at " + servers;
    if (cause instanceof UnknownTopicOrPartitionException
        || cause instanceof InvalidTopicException) {
      return SourceErrors.usage(
          problem, "Kafka has no such topic", "Create the topic, or correct option topic", cause);
    }
    String reason = String.valueOf(cause.getMessage());
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return SourceErrors.usage(
          problem, reason, "Give credentials that may read it in options with kafka.", cause);
    }
    return new MillraceException(
        ExitCode.UNREACHABLE,
        problem,
        reason,
        "Look whether the broker runs and kafka.bootstrap.servers is right",
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
