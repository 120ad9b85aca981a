package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.driver.TopicState.Bounds;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.source.ConsumerProperties;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the driver asks Kafka about one topic. Used by one thread at a time. */
final class TopicAdmin implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private static final int ATTEMPTS_FOR_NEW_PARTITIONS = 10;

  /** Whether or not transactions are still open. */
  private static final ListOffsetsOptions WRITTEN =
      new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

  /** What the stream wants of the topic; errors say so. */
  enum Use {
    INGEST("can't be read", "can't be ingested", "may read the topic"),
    DEAD_LETTERS("can't be asked", "can't take dead letters", "may write to the topic");

    private final String unanswered;
    private final String refused;
    private final String right;

    Use(String unanswered, String refused, String right) {
      this.unanswered = unanswered;
      this.refused = refused;
      this.right = right;
    }
  }

  private final Admin admin;
  private final Use use;
  private final String topic;
  private final String servers;
  private final boolean readsUncommitted;
  private final ListOffsetsOptions isolation;

  TopicAdmin(Use use, String topic, Map<String, String> kafka) {
    this.use = use;
    this.topic = topic;
    this.servers = kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    this.readsUncommitted = ConsumerProperties.readsUncommitted(kafka);
    this.isolation =
        readsUncommitted ? WRITTEN : new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS / 2);
    properties.putAll(kafka);
    properties.keySet().removeIf(TopicAdmin::isOfOtherClients);
    try {
      admin = Admin.create(properties);
    } catch (KafkaException e) {
      String reason = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
      throw new MillraceException(
          // Kafka counts hosts that no name server knows among wrong settings.
          reason.contains("No resolvable bootstrap urls") ? ExitCode.UNREACHABLE : ExitCode.USAGE,
          "No Kafka client can be made for topic " + topic,
          reason,
          "Look at the kafka properties of the config",
          e);
    }
  }

  private static boolean isOfOtherClients(String property) {
    return !AdminClientConfig.configNames().contains(property)
        && (ConsumerConfig.configNames().contains(property)
            || ProducerConfig.configNames().contains(property));
  }

  String clusterId() {
    return get(admin.describeCluster().clusterId());
  }

  /** The topic now: its id, its partitions and what each holds. */
  TopicState state() {
    for (int attempt = 1; ; attempt++) {
      try {
        return stateOnce();
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
      Thread.sleep(200);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private TopicState stateOnce() {
    TopicDescription description =
        get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    List<TopicPartition> partitions =
        description.partitions().stream()
            .map(TopicPartitionInfo::partition)
            .map(p -> new TopicPartition(topic, p))
            .toList();
    KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> starts =
        listOffsets(partitions, p -> OffsetSpec.earliest());
    KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> ends =
        listOffsets(partitions, p -> OffsetSpec.latest());
    KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> written =
        readsUncommitted ? ends : listOffsets(partitions, p -> OffsetSpec.latest(), WRITTEN);
    SortedMap<Integer, Bounds> bounds = new TreeMap<>();
    Map<TopicPartition, ListOffsetsResultInfo> startOffsets = get(starts);
    Map<TopicPartition, ListOffsetsResultInfo> readable = get(ends);
    Map<TopicPartition, ListOffsetsResultInfo> logEnds = get(written);
    readable.forEach(
        (p, end) ->
            bounds.put(
                p.partition(),
                new Bounds(
                    startOffsets.get(p).offset(),
                    end.offset(),
                    Math.max(end.offset(), logEnds.get(p).offset()),
                    end.leaderEpoch().orElse(PartitionEntry.UNKNOWN_LEADER))));
    return new TopicState(description.topicId().toString(), bounds);
  }

  /** Kafka's id of the topic of this name now. */
  String topicId() {
    return get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
        .topicId()
        .toString();
  }

  /** A setting of the topic; empty where this user may not see it. */
  Optional<String> setting(String name) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      return Optional.ofNullable(
          admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value());
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.empty();
      }
      throw translated(e.getCause());
    }
  }

  /** For each partition the first offset at or after the time; the end where there is none. */
  Map<Integer, Long> offsetsAt(Instant time, TopicState state) {
    List<TopicPartition> partitions =
        state.partitions().keySet().stream().map(p -> new TopicPartition(topic, p)).toList();
    Map<Integer, Long> offsets = new HashMap<>();
    get(listOffsets(partitions, p -> OffsetSpec.forTimestamp(time.toEpochMilli())))
        .forEach(
            (p, found) -> {
              long end = state.partitions().get(p.partition()).end();
              offsets.put(p.partition(), found.offset() < 0 ? end : Math.min(end, found.offset()));
            });
    return offsets;
  }

  /**
   * Sets offsets of a consumer group, which must have no members; makes the group where there is
   * none. May be called by any thread.
   *
   * @param next by partition
   */
  KafkaFuture<Void> setGroupOffsets(String group, Map<Integer, Long> next) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    next.forEach(
        (partition, offset) ->
            offsets.put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
    return admin.alterConsumerGroupOffsets(group, offsets).all();
  }

  private KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> listOffsets(
      Collection<TopicPartition> partitions, Function<TopicPartition, OffsetSpec> spec) {
    return listOffsets(partitions, spec, isolation);
  }

  private KafkaFuture<Map<TopicPartition, ListOffsetsResultInfo>> listOffsets(
      Collection<TopicPartition> partitions,
      Function<TopicPartition, OffsetSpec> spec,
      ListOffsetsOptions options) {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(p -> p, spec));
    return admin.listOffsets(asked, options).all();
  }

  private <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (ExecutionException e) {
      throw translated(e.getCause());
    }
  }

  /** In the one unchecked form that Spark takes for the end of a stopped query. */
  static UncheckedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new UncheckedIOException(new ClosedByInterruptException());
  }

  private MillraceException translated(Throwable cause) {
    String problem = "Topic " + topic + " " + use.unanswered + " at " + servers;
    if (cause instanceof UnknownTopicOrPartitionException
        || cause instanceof InvalidTopicException) {
      return new MillraceException(
          ExitCode.USAGE,
          "Topic " + topic + " " + use.refused,
          "Kafka at " + servers + " has no such topic",
          "Create the topic, or correct its name in the config",
          cause);
    }
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return new MillraceException(
          ExitCode.USAGE,
          problem,
          String.valueOf(cause.getMessage()),
          "Give credentials that " + use.right + " in the config's kafka properties",
          cause);
    }
    return unanswered(problem, cause);
  }

  /** What a client of these properties says that got no answer about the topic. */
  static MillraceException unanswered(
      String topic, Map<String, String> kafka, KafkaException cause) {
    return unanswered(
        "Topic %s can't be asked at %s"
            .formatted(topic, kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)),
        cause);
  }

  private static MillraceException unanswered(String problem, Throwable cause) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        problem,
        String.valueOf(cause.getMessage()),
        "Look whether the broker runs and bootstrap.servers is right",
        cause);
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
