package io.millrace.ingest.driver;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.PendingLetters;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PendingFile;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kafka topic to which one stream's dead letters go beside their table.
 *
 * <h2>At least once</h2>
 *
 * <p>What a commit of the stream's table calls pending is published before the next commit of that
 * table, which no longer names it; so whoever finds it in the ledger may have to publish it. {@link
 * PublishedMark} says what is published already, so that only a writer that ended between
 * publishing and marking leaves duplicates.
 *
 * <p>One thread.
 */
final class DeadLetterTopic implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterTopic.class);

  private final String name;
  private final String stream;
  private final Configuration hadoop;
  private final TopicAdmin topic;
  private final LetterProducer producer;

  private DeadLetterTopic(MillraceConfig config, StreamConfig stream, String name) {
    this.name = name;
    this.stream = stream.name();
    this.hadoop = LakeConfiguration.of(config.hadoop());
    this.topic = new TopicAdmin(TopicAdmin.Use.DEAD_LETTERS, name, config.kafkaFor(stream));
    this.producer = new LetterProducer(name, stream.name(), config.kafkaFor(stream));
  }

  /**
   * The stream's topic; empty where the config names none.
   *
   * @throws MillraceException {@code USAGE} where there is no such topic or it is compacted, {@code
   *     UNREACHABLE} where Kafka does not answer
   */
  static Optional<DeadLetterTopic> open(MillraceConfig config, StreamConfig stream) {
    return stream
        .deadLetterTopic()
        .map(
            name -> {
              DeadLetterTopic opened = new DeadLetterTopic(config, stream, name);
              try {
                opened.requireTopic();
                return opened;
              } catch (RuntimeException e) {
                opened.close();
                throw e;
              }
            });
  }

  private void requireTopic() {
    topic.state();
    Optional<String> policy = topic.setting(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (policy.filter(p -> p.contains(TopicConfig.CLEANUP_POLICY_COMPACT)).isPresent()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Topic " + name + " can't take dead letters",
          "its cleanup.policy is %s: dead letters of one key would replace each other"
              .formatted(policy.get()),
          "Set its cleanup.policy to delete, or name another deadLetterTopic");
    }
  }

  /**
   * Publishes what the ledger calls pending and is not published yet; returns once the brokers have
   * all of it.
   *
   * @param committed a ledger that the table has, and that no commit has followed
   * @throws MillraceException where the topic does not take them; the same can be published again
   */
  void publish(Ledger committed, DeltaTable table) {
    if (committed.pending().isEmpty()) {
      return;
    }
    PublishedMark mark = new PublishedMark(hadoop, table);
    long published = mark.read();
    List<PendingFile> files =
        committed.pending().stream().filter(file -> file.sequence() > published).toList();
    if (files.isEmpty()) {
      return;
    }
    // A producer would have the broker make a topic that was deleted meanwhile.
    topic.state();
    String letters = DeadLetterTable.path(table.path(), committed.generation());
    producer.readFrom(letters);
    try {
      for (PendingFile file : files) {
        PendingLetters.read(hadoop, letters, file, producer::send);
      }
      producer.awaitAll();
    } catch (InterruptException e) {
      throw TopicAdmin.interrupted();
    }
    mark.write(files.get(files.size() - 1).sequence());
    log.atInfo()
        .addKeyValue("stream", stream)
        .addKeyValue("topic", name)
        .addKeyValue("deadLetters", files.stream().mapToLong(PendingFile::rows).sum())
        .log("dead letters published");
  }

  /** Gives up what is not sent. */
  @Override
  public void close() {
    topic.close();
    producer.close();
  }
}
