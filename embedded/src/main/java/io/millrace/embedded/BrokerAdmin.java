package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.embedded.registry.RegistryServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the stack asks of its broker. */
final class BrokerAdmin implements AutoCloseable {
  /** A first start takes some seconds; one after SIGKILL reads logs again. */
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  private static final Duration LEADER_LIMIT = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(50);

  private final String bootstrapServers;
  private final Admin admin;

  BrokerAdmin(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                // The broker is about to listen: try again soon.
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, "20",
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "100",
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, "20"));
  }

  /** Returns when the broker has joined its cluster and answers. */
  void awaitReady(BrokerProcess broker) {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    while (!answers()) {
      if (!broker.alive() || System.nanoTime() > deadline) {
        throw broker.failure("the broker at " + bootstrapServers + " did not start");
      }
    }
  }

  /** Creates a topic and returns when each partition has a leader. */
  void createTopic(String topic, int partitions) {
    create(new NewTopic(topic, partitions, (short) 1));
    awaitLeaders(topic, partitions);
  }

  /** As {@link #createTopic} with topic settings; false, with nothing changed, where it exists. */
  boolean createTopicIfMissing(String topic, int partitions, Map<String, String> settings) {
    boolean created = true;
    try {
      create(new NewTopic(topic, partitions, (short) 1).configs(settings));
    } catch (MillraceException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
      created = false;
    }
    awaitLeaders(topic, partitions);
    return created;
  }

  /** Topics without Kafka's and the registry's own; empty where the broker does not answer. */
  OptionalInt countTopics(Duration limit) {
    try {
      return OptionalInt.of(
          (int)
              admin.listTopics().names().get(limit.toMillis(), TimeUnit.MILLISECONDS).stream()
                  .filter(name -> !name.equals(RegistryServer.topicName()))
                  .count());
    } catch (TimeoutException | ExecutionException e) {
      return OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("asking the broker at " + bootstrapServers, e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }

  private void create(NewTopic topic) {
    get(
        admin.createTopics(List.of(topic)).all(),
        "topic '" + topic.name() + "' can't be created",
        LEADER_LIMIT);
  }

  // A producer that meets a partition without leader may hold its records back for minutes.
  private void awaitLeaders(String topic, int partitions) {
    long deadline = System.nanoTime() + LEADER_LIMIT.toNanos();
    while (leaders(topic) < partitions) {
      if (System.nanoTime() > deadline) {
        throw new MillraceException(
            ExitCode.UNREACHABLE,
            "topic '" + topic + "' is not ready",
            "%d of %d partitions have a leader after %d s"
                .formatted(leaders(topic), partitions, LEADER_LIMIT.toSeconds()),
            "Look into the broker's log");
      }
      pause();
    }
  }

  private long leaders(String topic) {
    try {
      TopicDescription description =
          admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get();
      return description.partitions().stream()
          .filter(p -> p.leader() != null && !p.leader().isEmpty())
          .count();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0; // Not yet in the broker's own copy of the metadata.
      }
      throw failed("topic '" + topic + "' can't be described", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for leaders of '" + topic + "'", e);
    }
  }

  private boolean answers() {
    try {
      return !admin.describeCluster().nodes().get(250, TimeUnit.MILLISECONDS).isEmpty();
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for the broker at " + bootstrapServers, e);
    }
  }

  private <T> Optional<T> get(KafkaFuture<T> future, String problem, Duration limit) {
    try {
      return Optional.ofNullable(future.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      throw failed(problem, e.getCause());
    } catch (TimeoutException e) {
      throw failed(problem, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception(problem, e);
    }
  }

  private MillraceException failed(String problem, Throwable cause) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        problem,
        cause.getClass().getSimpleName() + ": " + cause.getMessage(),
        "Check the broker at " + bootstrapServers,
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
