package io.millrace.lake.verify;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Reads a topic again, by consumers of its own that belong to no group. */
final class TopicScan {
  /** A poll hands over what has been fetched anyway; fewer calls, no more memory. */
  private static final int RECORDS_A_POLL = 20_000;

  private static final String CLIENT_ID = "millrace-verify";

  private final Map<String, Object> properties;
  private final String topic;

  /**
   * @param client the stream's Kafka client properties
   */
  TopicScan(Map<String, String> client, String topic) {
    this.topic = topic;
    properties = new HashMap<>(client);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.remove(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG);
    properties.remove(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
    properties.putIfAbsent(
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        isolation(client).toString().toLowerCase(Locale.ROOT));
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
    if (!properties.containsKey(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG)
        && !properties.containsKey(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
      // Kafka refuses the first where it is below the second, so both go together.
      properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
      properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");
    }
  }

  /** What readers of the stream see: committed records, unless its properties say otherwise. */
  static IsolationLevel isolation(Map<String, String> client) {
    String uncommitted = IsolationLevel.READ_UNCOMMITTED.toString().toLowerCase(Locale.ROOT);
    return uncommitted.equals(client.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG))
        ? IsolationLevel.READ_UNCOMMITTED
        : IsolationLevel.READ_COMMITTED;
  }

  /** Properties for an admin client that asks the same cluster. */
  Map<String, Object> adminProperties() {
    return properties;
  }

  /**
   * Fills the accounts.
   *
   * @param values gives each thread its decoder; gives null where values are not compared
   * @throws org.apache.kafka.common.KafkaException where Kafka stops answering
   */
  void read(
      Map<Integer, TopicAccount> accounts,
      int threads,
      Supplier<TopicValues> values,
      ProgressMeter meter,
      LongSupplier nanoClock)
      throws Exception {
    List<Callable<Void>> tasks = new ArrayList<>();
    for (Map<TopicPartition, TopicAccount> share : shares(accounts, threads)) {
      Map<String, Object> own = new HashMap<>(properties);
      own.put(ConsumerConfig.CLIENT_ID_CONFIG, CLIENT_ID + "-" + tasks.size());
      tasks.add(
          () -> {
            try (Consumer<ByteBuffer, ByteBuffer> consumer =
                new KafkaConsumer<>(
                    own, new ByteBufferDeserializer(), new ByteBufferDeserializer())) {
              new TopicReader(consumer, share, values.get(), meter, nanoClock).read();
            }
            return null;
          });
    }
    Workers.run("verify-topic", tasks);
  }

  /**
   * Reads the records of some blocks, on the calling thread.
   *
   * @throws org.apache.kafka.common.KafkaException where Kafka stops answering, or no longer has
   *     one of the offsets
   */
  void read(
      List<Block> blocks,
      java.util.function.Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
      LongSupplier nanoClock) {
    try (Consumer<ByteBuffer, ByteBuffer> consumer =
        new KafkaConsumer<>(
            properties, new ByteBufferDeserializer(), new ByteBufferDeserializer())) {
      new BlockReader(consumer, topic, nanoClock).read(blocks, records);
    }
  }

  /** Splits the partitions so that each thread has about as many offsets to read. */
  private List<Map<TopicPartition, TopicAccount>> shares(
      Map<Integer, TopicAccount> accounts, int threads) {
    List<Map.Entry<Integer, TopicAccount>> bySize =
        accounts.entrySet().stream()
            .filter(e -> e.getValue().from() < e.getValue().to)
            .sorted(Comparator.comparingLong(e -> e.getValue().from() - e.getValue().to))
            .toList();
    List<Map<TopicPartition, TopicAccount>> shares = new ArrayList<>();
    long[] load = new long[Math.min(threads, bySize.size())];
    for (int i = 0; i < load.length; i++) {
      shares.add(new HashMap<>());
    }
    for (Map.Entry<Integer, TopicAccount> entry : bySize) {
      int least = 0;
      for (int i = 1; i < load.length; i++) {
        least = load[i] < load[least] ? i : least;
      }
      load[least] += entry.getValue().to - entry.getValue().from();
      shares.get(least).put(new TopicPartition(topic, entry.getKey()), entry.getValue());
    }
    return shares;
  }
}
