package io.millrace.lake.verify;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/** What Kafka has to say about one stream's ledger; enters into the report why it says nothing. */
final class TopicWitness {
  /** Kafka's words for hosts that no name server knows, which it counts among wrong settings. */
  private static final String UNRESOLVABLE = "No resolvable bootstrap urls";

  private final StreamConfig stream;
  private final Map<String, String> client;
  private final ReportBuilder report;
  private Map<Integer, TopicAccount> accounts = Map.of();
  private TopicScan scan;
  private Verdict silence = Verdict.UNREACHABLE;
  private boolean compacted;

  /**
   * @param client the stream's Kafka client properties
   */
  TopicWitness(StreamConfig stream, Map<String, String> client, ReportBuilder report) {
    this.stream = stream;
    this.client = client;
    this.report = report;
  }

  /**
   * Reads the ledger's ranges again, as far as the log still has them.
   *
   * @param acknowledged what the manifests account for, by partition
   * @param dead the dead letters, which have no row
   * @param values what to do with column values
   */
  void hear(
      Ledger ledger,
      Map<Integer, List<Manifest.Entry>> acknowledged,
      DeadLetterRows dead,
      ValueComparison values,
      int threads,
      VerifyProgress progress,
      LongSupplier nanoClock)
      throws Exception {
    scan = new TopicScan(client, stream.topic());
    try {
      Optional<KafkaView> view =
          KafkaView.of(scan.adminProperties(), stream.topic(), TopicScan.isolation(client));
      if (!isTheTopic(view, ledger)) {
        return;
      }
      compacted = view.get().compacted();
      Map<Integer, TopicAccount> asked = accounts(ledger, view.get(), acknowledged, dead);
      long offsets = asked.values().stream().mapToLong(a -> a.to - a.from()).sum();
      ProgressMeter meter =
          new ProgressMeter(
              progress, stream.name(), VerifyProgress.Phase.TOPIC, offsets, nanoClock);
      scan.read(asked, threads, values::decoder, meter, nanoClock);
      meter.finish();
      accounts = asked;
    } catch (KafkaException e) {
      requireClient(e);
      report.add(
          Finding.of(
              Kind.KAFKA_UNREACHABLE,
              "Kafka could not be read, so rows were not compared with the topic: "
                  + StorageErrors.root(e)));
    }
  }

  /**
   * Reads records of some offsets once more.
   *
   * @throws KafkaException where Kafka stops answering, or no longer has one of the offsets
   */
  void hearAgain(
      List<Block> blocks,
      Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> records,
      LongSupplier nanoClock) {
    scan.read(blocks, records, nanoClock);
  }

  /** A setting that no client can be made with is not a broker that doesn't answer. */
  private static void requireClient(KafkaException failure) {
    Throwable root = StorageErrors.rootCause(failure);
    if (root instanceof ConfigException && !root.getMessage().contains(UNRESOLVABLE)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "No Kafka client can be made",
          root.getMessage(),
          "Correct the kafka properties of the config",
          failure);
    }
  }

  private boolean isTheTopic(Optional<KafkaView> found, Ledger ledger) {
    if (found.isEmpty()) {
      replaced("Kafka has no topic " + stream.topic());
      return false;
    }
    KafkaView view = found.get();
    if (!view.topicId().equals(ledger.topicId())) {
      replaced(
          "topic %s has id %s in Kafka (cluster %s), the table was filled from id %s (cluster %s)"
              .formatted(
                  stream.topic(),
                  view.topicId(),
                  view.clusterId(),
                  ledger.topicId(),
                  ledger.clusterId()));
      return false;
    }
    if (!view.clusterId().equals(ledger.clusterId())) {
      report.note(
          "the cluster's id is %s, the table was filled from cluster %s; the topic's id is the same"
              .formatted(view.clusterId(), ledger.clusterId()));
    }
    return true;
  }

  private void replaced(String text) {
    silence = Verdict.NOT_PROVABLE;
    report.add(Finding.of(Kind.TOPIC_REPLACED, text + ": nothing can be compared with it"));
  }

  private Map<Integer, TopicAccount> accounts(
      Ledger ledger,
      KafkaView view,
      Map<Integer, List<Manifest.Entry>> acknowledged,
      DeadLetterRows dead) {
    Map<Integer, TopicAccount> asked = new HashMap<>();
    ledger
        .partitions()
        .forEach(
            (partition, claim) -> {
              KafkaView.Log log = view.logs().get(partition);
              if (log == null) {
                report.add(
                    Finding.of(Kind.TOPIC_REPLACED, partition, "Kafka has no such partition"));
                return;
              }
              asked.put(
                  partition,
                  new TopicAccount(
                      log.start(),
                      log.end(),
                      claim.first(),
                      claim.next(),
                      acknowledged.getOrDefault(partition, List.of()),
                      dead.account(partition)));
            });
    return asked;
  }

  /** By partition; empty where Kafka was not read. */
  Map<Integer, TopicAccount> accounts() {
    return accounts;
  }

  /** The verdict on what Kafka was not read for. */
  Verdict silence() {
    return silence;
  }

  /** Whether the topic's clean-up policy may remove single records. */
  boolean compacted() {
    return compacted;
  }
}
