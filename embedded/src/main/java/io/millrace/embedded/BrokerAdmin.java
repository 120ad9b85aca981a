package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.embedded.registry.RegistryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the stack asks of its broker. */
final class BrokerAdmin {
  /** A first start takes some seconds; one after SIGKILL reads logs again. */
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  private static final Duration LEADER_LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(50);

  private final String host;
  private final int port;

  BrokerAdmin(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /** Returns when the broker has joined its cluster and answers. */
  void awaitReady(BrokerProcess broker) {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    // A Kafka client would warn about each connection that is refused, and there are many.
    while (!listens()) {
      requireStarting(broker, deadline);
      pause();
    }
    try (Admin admin = connect()) {
      while (!answers(admin)) {
        requireStarting(broker, deadline);
      }
    }
  }

  /** Creates a topic and returns when each partition has a leader. */
  void createTopic(String topic, int partitions) {
    try (Admin admin = connect()) {
      create(admin, new NewTopic(topic, partitions, (short) 1));
      awaitLeaders(admin, topic, partitions);
    }
  }

  /** As {@link #createTopic} with topic settings; changes nothing where it exists. */
  void createTopicIfMissing(String topic, int partitions, Map<String, String> settings) {
    try (Admin admin = connect()) {
      try {
        create(admin, new NewTopic(topic, partitions, (short) 1).configs(settings));
      } catch (MillraceException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
      awaitLeaders(admin, topic, partitions);
    }
  }

  /** Topics without Kafka's and the registry's own; empty where the broker does not answer. */
  OptionalInt countTopics(Duration limit) {
    if (!listens()) {
      return OptionalInt.empty();
    }
    try (Admin admin = connect()) {
      return OptionalInt.of(
          (int)
              admin.listTopics().names().get(limit.toMillis(), TimeUnit.MILLISECONDS).stream()
                  .filter(name -> !name.equals(RegistryServer.topicName()))
                  .count());
    } catch (TimeoutException | ExecutionException e) {
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("asking the broker at " + address(), e);
    }
  }

  private Admin connect() {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            address(),
            AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
            "20"));
  }

  private String address() {
    return host + ":" + port;
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void requireStarting(BrokerProcess broker, long deadline) {
    if (!broker.alive() || System.nanoTime() > deadline) {
      throw broker.failure("the broker at " + address() + " did not start");
    }
  }

  private void create(Admin admin, NewTopic topic) {
    String problem = "topic '" + topic.name() + "' can't be created";
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TopicExistsException
          ? new MillraceException(
              ExitCode.USAGE, problem, "it exists", "Name another topic", e.getCause())
          : failed(problem, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("creating topic '" + topic.name() + "'", e);
    }
  }

  /**
   * Returns when each partition's leader serves it. Asking for the end offsets is the proof: the
   * leaders in the metadata come earlier, and a producer that believes them can have its first
   * batches refused until they expire.
   */
  private void awaitLeaders(Admin admin, String topic, int partitions) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
    }
    ListOffsetsOptions limit = new ListOffsetsOptions().timeoutMs((int) LEADER_LIMIT.toMillis());
    long deadline = System.nanoTime() + LEADER_LIMIT.toNanos();
    while (true) {
      try {
        admin.listOffsets(ends, limit).all().get();
        return;
      } catch (ExecutionException e) {
        // The admin client does not ask again where the metadata lacks the new topic still.
        boolean tooEarly = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!tooEarly || System.nanoTime() > deadline) {
          throw failed("topic '" + topic + "' is not ready", e.getCause());
        }
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Interrupts.exception("waiting for the leaders of '" + topic + "'", e);
      }
    }
  }

  private boolean answers(Admin admin) {
    try {
      return !admin.describeCluster().nodes().get(250, TimeUnit.MILLISECONDS).isEmpty();
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for the broker at " + address(), e);
    }
  }

  private MillraceException failed(String problem, Throwable cause) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        problem,
        cause.getClass().getSimpleName() + ": " + cause.getMessage(),
        "Check the broker at " + address(),
        cause);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for the broker", e);
    }
  }
}
