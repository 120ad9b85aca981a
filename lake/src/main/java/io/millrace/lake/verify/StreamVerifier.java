package io.millrace.lake.verify;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.KafkaException;

/** Verifies one stream: gathers the evidence and has it judged. */
final class StreamVerifier {
  private final MillraceConfig config;
  private final StreamConfig stream;
  private final VerifyOptions options;
  private final VerifyProgress progress;
  private final LongSupplier nanoClock;
  private final Configuration hadoop;
  private final TopicScan scan;
  private final Optional<Manifest> manifest;
  private final ReportBuilder report;

  private Map<Integer, TopicAccount> topic = Map.of();
  private Verdict withoutTopic = Verdict.UNREACHABLE;
  private boolean compacted;
  private List<ValueColumn> columns = List.of();
  private WriterSchemas schemas;

  StreamVerifier(
      MillraceConfig config,
      StreamConfig stream,
      VerifyOptions options,
      VerifyProgress progress,
      LongSupplier nanoClock) {
    this.config = config;
    this.stream = stream;
    this.options = options;
    this.progress = progress;
    this.nanoClock = nanoClock;
    this.hadoop = LakeConfiguration.of(config.hadoop());
    this.scan = new TopicScan(config.kafkaFor(stream), stream.topic());
    List<Manifest> own =
        options.manifests().stream().filter(m -> m.topic().equals(stream.topic())).toList();
    this.manifest = own.isEmpty() ? Optional.empty() : Optional.of(Manifest.merge(own));
    this.report = new ReportBuilder(stream);
  }

  StreamReport verify() throws Exception {
    long start = nanoClock.getAsLong();
    try {
      Optional<PinnedTable> table = PinnedTable.latest(stream.table(), hadoop);
      if (table.isEmpty()) {
        report.add(Finding.of(Kind.NO_TABLE, "there is no Delta table at " + stream.table()));
      } else {
        report.version(table.get().version());
        verify(table.get());
      }
    } catch (KafkaException | MillraceException e) {
      throw e;
    } catch (RuntimeException | IOException e) {
      boolean unreachable = StorageErrors.isUnreachable(e);
      report.add(
          Finding.of(
              unreachable ? Kind.STORAGE_UNREACHABLE : Kind.TABLE_UNREADABLE,
              "the table %s: %s"
                  .formatted(
                      unreachable ? "can't be reached" : "can't be read", StorageErrors.root(e))));
    }
    return report.build(TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - start));
  }

  private void verify(PinnedTable table) throws Exception {
    Optional<Ledger> ledger = ledger(table);
    followLedgers(table, ledger);
    boolean provable =
        stream.columns().provable()
            && table.has(stream.columns().partition().get())
            && table.has(stream.columns().offset().get());
    if (!provable) {
      report.add(
          Finding.of(
              Kind.NO_KAFKA_COLUMNS,
              "not provable: the table's rows do not say which Kafka partition and offset they"
                  + " came from (those columns are switched off)"));
    }
    if (!provable || ledger.isEmpty()) {
      return;
    }
    report.ledger(ledger.get());
    try (SchemaRegistry registry = wantsValues() ? registry(table) : null) {
      schemas = registry == null ? null : new WriterSchemas(registry, columns);
      readTopic(ledger.get());
      TableRows rows = readTable(table, ledger.get());
      judge(ledger.get(), rows);
    }
  }

  private Optional<Ledger> ledger(PinnedTable table) {
    Optional<String> text = table.domain(DeltaTable.ledgerDomain(stream.name()));
    if (text.isEmpty()) {
      report.add(
          Finding.of(
              Kind.NO_LEDGER,
              "the table has no ledger of stream %s: nothing was ingested by it yet"
                  .formatted(stream.name())));
      return Optional.empty();
    }
    try {
      return text.map(Ledger::fromJson);
    } catch (MillraceException e) {
      report.add(
          Finding.of(Kind.LEDGER_INVALID, "the table's ledger can't be read: " + e.reason()));
      return Optional.empty();
    }
  }

  private void followLedgers(PinnedTable table, Optional<Ledger> pinned) throws IOException {
    CommitLog log = CommitLog.list(stream.table(), hadoop, 0, table.version());
    List<Long> versions = log.versions();
    ProgressMeter meter =
        new ProgressMeter(
            progress, stream.name(), VerifyProgress.Phase.LEDGER, versions.size(), nanoClock);
    LedgerChain chain = new LedgerChain(DeltaTable.ledgerDomain(stream.name()));
    for (long version : versions) {
      try {
        chain.add(log.read(version));
      } catch (FileNotFoundException e) {
        // Log clean-up goes on meanwhile and takes the oldest first.
        chain = new LedgerChain(DeltaTable.ledgerDomain(stream.name()));
      }
      meter.add(1);
    }
    meter.finish();
    pinned.ifPresent(chain::end);
    report.chain(chain);
  }

  private boolean wantsValues() {
    return switch (options.values()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WITH_MANIFEST -> manifest.isPresent();
    };
  }

  private SchemaRegistry registry(PinnedTable table) {
    List<String> unknown = new ArrayList<>();
    columns = ValueColumn.of(table.schema(), stream, unknown);
    if (!unknown.isEmpty()) {
      report.add(
          Finding.of(
              Kind.VALUES_NOT_PROVABLE,
              "values of these columns can't be compared: " + String.join(", ", unknown)));
    }
    return new RestSchemaRegistry(config.registry());
  }

  private void readTopic(Ledger ledger) throws Exception {
    KafkaView view;
    try {
      Optional<KafkaView> seen =
          KafkaView.of(
              scan.adminProperties(), stream.topic(), TopicScan.isolation(config.kafkaFor(stream)));
      if (seen.isEmpty()) {
        replaced("Kafka has no topic " + stream.topic());
        return;
      }
      view = seen.get();
    } catch (KafkaException e) {
      unreachable(e);
      return;
    }
    if (!view.topicId().equals(ledger.topicId())) {
      replaced(
          "topic %s has id %s in Kafka, the table was filled from id %s (cluster %s, now %s)"
              .formatted(
                  stream.topic(),
                  view.topicId(),
                  ledger.topicId(),
                  ledger.clusterId(),
                  view.clusterId()));
      return;
    }
    if (!view.clusterId().equals(ledger.clusterId())) {
      report.note(
          "the cluster's id is %s, the table was filled from cluster %s; the topic's id is the same"
              .formatted(view.clusterId(), ledger.clusterId()));
    }
    compacted = view.compacted();
    Map<Integer, TopicAccount> accounts = accounts(ledger, view);
    try {
      long offsets = accounts.values().stream().mapToLong(a -> a.to - a.from()).sum();
      ProgressMeter meter =
          new ProgressMeter(
              progress, stream.name(), VerifyProgress.Phase.TOPIC, offsets, nanoClock);
      scan.read(
          accounts,
          options.threads(),
          () -> schemas == null ? null : new TopicValues(columns, schemas),
          meter,
          nanoClock);
      meter.finish();
      topic = accounts;
    } catch (KafkaException e) {
      unreachable(e);
    }
  }

  private Map<Integer, TopicAccount> accounts(Ledger ledger, KafkaView view) {
    Map<Integer, Manifest.Entry> acknowledged = acknowledged();
    Map<Integer, TopicAccount> accounts = new HashMap<>();
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
              Manifest.Entry entry = acknowledged.get(partition);
              boolean any = entry != null && entry.acknowledged() > 0;
              accounts.put(
                  partition,
                  new TopicAccount(
                      log.end(),
                      Math.max(claim.first(), log.start()),
                      claim.next(),
                      any ? entry.firstOffset() : 0,
                      any ? entry.lastOffset() + 1 : 0));
            });
    return accounts;
  }

  private void replaced(String text) {
    withoutTopic = Verdict.NOT_PROVABLE;
    report.add(Finding.of(Kind.TOPIC_REPLACED, text + ": nothing can be compared with it"));
  }

  private void unreachable(KafkaException e) {
    report.add(
        Finding.of(
            Kind.KAFKA_UNREACHABLE,
            "Kafka did not answer, so rows were not compared with the topic: "
                + StorageErrors.root(e)));
  }

  private TableRows readTable(PinnedTable table, Ledger ledger) throws Exception {
    TableRows rows = new TableRows(table, stream.columns(), ledger);
    boolean values = schemas != null && schemas.unreachable() == null && !topic.isEmpty();
    rows.read(
        values ? columns : List.of(), topic, options.threads(), stream.name(), progress, nanoClock);
    return rows;
  }

  private void judge(Ledger ledger, TableRows rows) {
    Map<Integer, Manifest.Entry> acknowledged = acknowledged();
    rows.findings().forEach(report::add);
    judgeManifestTopic(ledger);
    ledger
        .partitions()
        .forEach(
            (partition, claim) -> {
              TopicAccount read = topic.get(partition);
              Evidence evidence =
                  new Evidence(
                      partition,
                      claim,
                      rows.account(partition),
                      read,
                      withoutTopic,
                      compacted,
                      acknowledged.remove(partition));
              List<Finding> values =
                  comparesValues() && read != null
                      ? ValueJudge.judge(partition, columns, rows.account(partition), read)
                      : List.of();
              report.add(PartitionJudge.judge(evidence), values);
            });
    acknowledged.values().stream()
        .filter(entry -> entry.acknowledged() > 0)
        .forEach(
            entry ->
                report.add(
                    Finding.of(
                        Kind.NOT_YET_INGESTED,
                        entry.partition(),
                        "%d records acknowledged, the stream has not come to this partition"
                            .formatted(entry.acknowledged()))));
    rows.strangers().forEach(report::stranger);
    if (rows.withoutPosition() > 0) {
      report.withoutPosition(rows.withoutPosition());
    }
    if (schemas != null) {
      judgeSchemas(rows, ledger);
    }
  }

  private void judgeManifestTopic(Ledger ledger) {
    manifest
        .filter(m -> !m.topicId().equals(ledger.topicId()))
        .ifPresent(
            m ->
                report.add(
                    Finding.of(
                        Kind.MANIFEST_TOPIC,
                        "the manifest is of topic id %s, the table of topic id %s"
                            .formatted(m.topicId(), ledger.topicId()))));
  }

  private void judgeSchemas(TableRows rows, Ledger ledger) {
    if (schemas.unreachable() != null) {
      report.add(
          Finding.of(
              Kind.REGISTRY_UNREACHABLE,
              "values were not compared: " + schemas.unreachable().reason()));
      return;
    }
    if (topic.isEmpty() && !ledger.partitions().isEmpty()) {
      return;
    }
    if (!schemas.fieldsWithoutColumn().isEmpty()) {
      report.add(
          Finding.of(
              Kind.VALUES_DIFFER,
              "the table has no column for "
                  + schemas.fieldsWithoutColumn().stream().collect(Collectors.joining(", "))));
    }
    report.valuesCompared(
        ledger.partitions().keySet().stream().mapToLong(p -> rows.account(p).sums.rows()).sum());
  }

  private boolean comparesValues() {
    return schemas != null && schemas.unreachable() == null;
  }

  private Map<Integer, Manifest.Entry> acknowledged() {
    Map<Integer, Manifest.Entry> entries = new TreeMap<>();
    manifest.ifPresent(m -> m.partitions().forEach(e -> entries.put(e.partition(), e)));
    return entries;
  }
}
