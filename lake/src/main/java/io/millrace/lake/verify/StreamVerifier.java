package io.millrace.lake.verify;

import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.delta.ResolutionFiles;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;

/** Verifies one stream: gathers the evidence and has it judged. */
final class StreamVerifier {
  private final MillraceConfig config;
  private final StreamConfig stream;
  private final VerifyOptions options;
  private final VerifyProgress progress;
  private final LongSupplier nanoClock;
  private final Configuration hadoop;
  private final List<Manifest> manifests;
  private SortedMap<Integer, List<Manifest.Entry>> acknowledged = new TreeMap<>();
  private final ReportBuilder report;

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
    this.manifests =
        options.manifests().stream().filter(m -> m.topic().equals(stream.topic())).toList();
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
    } catch (KernelException | KernelEngineException | UncheckedIOException | IOException failure) {
      boolean unreachable = StorageErrors.isUnreachable(failure);
      report.add(
          Finding.of(
              unreachable ? Kind.STORAGE_UNREACHABLE : Kind.TABLE_UNREADABLE,
              "the table %s: %s"
                  .formatted(
                      unreachable ? "can't be reached" : "can't be read",
                      StorageErrors.root(failure))));
    }
    return report.build(TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - start));
  }

  private void verify(PinnedTable table) throws Exception {
    Optional<Ledger> ledger = ledger(table);
    Baseline before = Baseline.of(options.since(), stream, table, hadoop).orElse(null);
    if (before != null) {
      report.since(options.since(), before.version());
    }
    LedgerChain chain = followLedgers(table, ledger, before);
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
    Optional<String> contradiction =
        before == null ? Optional.empty() : before.contradiction(ledger.get());
    if (contradiction.isPresent()) {
      report.add(
          Finding.of(
              Kind.SINCE_NOT_PROVABLE,
              "the ledger did not grow from that of version %d: %s; verify without --since"
                  .formatted(before.version(), contradiction.get())));
      return;
    }
    Ledger claim = before == null ? ledger.get() : before.since(ledger.get());
    ClosedGenerations closed = ClosedGenerations.of(table, stream, ledger.get(), report);
    if (closed.hasPartsOf(ledger.get().topicId()) && !manifests.isEmpty()) {
      report.note(
          "manifests are not compared: they don't say which generation of the topic they are of");
    } else {
      acknowledged =
          Manifest.spans(manifests.stream().filter(m -> !closed.has(m.topicId())).toList());
    }
    try (ValueComparison values = comparison(table, ledger.get())) {
      DeadLetterRows dead = new DeadLetterRows(stream, claim, hadoop, report);
      if (before != null) {
        before.ledger().ifPresent(dead::apart);
      }
      dead.read(table.id(), options.threads(), progress, nanoClock);
      dead.resolve(resolutions(table, claim.generation()));
      TopicWitness topic = new TopicWitness(stream, config.kafkaFor(stream), report);
      topic.hear(claim, acknowledged, dead, values, options.threads(), progress, nanoClock);
      values.reportSql(topic.accounts(), options.values() == VerifyOptions.Values.ALWAYS, report);
      TableRows rows = new TableRows(table, stream.columns(), claim, hadoop);
      if (before == null) {
        closed.ledgers().forEach(rows::beside);
      }
      if (before != null) {
        Set<String> there = before.files();
        rows.only(file -> !there.contains(file.identity()));
        before.ledger().ifPresent(rows::apart);
      }
      rows.read(
          topic.accounts().isEmpty() ? List.of() : values.columns(),
          topic.accounts(),
          options.threads(),
          stream.name(),
          progress,
          nanoClock);
      Map<Integer, List<Finding>> differing =
          new DeletedRows(stream, hadoop, claim, options.threads(), progress, nanoClock)
              .find(chain.removing(), rows::account, dead, topic.accounts());
      if (values.works()) {
        lookAgain(table, claim.generation(), rows, topic, values)
            .forEach(
                (partition, found) ->
                    differing.computeIfAbsent(partition, p -> new ArrayList<>()).addAll(found));
      }
      if (before != null) {
        before
            .judge(table, hadoop, options.threads(), progress, rows, dead, chain, report)
            .forEach(
                (partition, found) ->
                    differing.computeIfAbsent(partition, p -> new ArrayList<>()).addAll(found));
      }
      judge(claim, rows, dead, topic, values, differing, closed);
      if (before == null) {
        closed.judge(
            rows,
            chain.removing(),
            manifests,
            generation -> resolutions(table, generation),
            table.id(),
            hadoop,
            options.threads(),
            progress,
            nanoClock);
      }
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

  private Resolutions resolutions(PinnedTable table, int generation) {
    try {
      return ResolutionFiles.read(
          table.domain(DeltaTable.redriveDomain(stream.name(), generation)),
          stream.name(),
          stream.table(),
          hadoop);
    } catch (MillraceException e) {
      if (e.exitCode() == ExitCode.UNREACHABLE && e.getCause() instanceof IOException failure) {
        throw new UncheckedIOException(failure);
      }
      report.add(Finding.of(Kind.RESOLUTIONS, e.problem() + ": " + e.reason()));
      return Resolutions.none(stream.name());
    }
  }

  private LedgerChain followLedgers(PinnedTable table, Optional<Ledger> pinned, Baseline before)
      throws IOException {
    String domain = DeltaTable.ledgerDomain(stream.name());
    CommitLog log =
        CommitLog.list(
            stream.table(), hadoop, before == null ? 0 : before.version() + 1, table.version());
    List<Long> versions = log.versions();
    ProgressMeter meter =
        new ProgressMeter(
            progress, stream.name(), VerifyProgress.Phase.LEDGER, versions.size(), nanoClock);
    LongFunction<Optional<Ledger>> earlier =
        version ->
            PinnedTable.at(stream.table(), hadoop, version).domain(domain).map(Ledger::fromJson);
    LedgerChain chain = new LedgerChain(stream.name(), earlier);
    if (before != null) {
      chain.begin(before.version(), before.ledger(), before.resolutions());
    }
    for (long version : versions) {
      try {
        chain.add(log.read(version));
      } catch (FileNotFoundException e) {
        // Log clean-up goes on meanwhile and takes the oldest first.
        chain = new LedgerChain(stream.name(), earlier);
      }
      meter.add(1);
    }
    meter.finish();
    pinned.ifPresent(chain::end);
    chain.end(table.files());
    report.chain(chain);
    return chain;
  }

  /** What is to be done with the records' values. */
  private ValueComparison comparison(PinnedTable table, Ledger ledger) throws IOException {
    SqlHistory history = SqlHistory.of(stream, ledger, hadoop).orElse(null);
    if (history != null && history.isEmpty()) {
      String said =
          "by which sql records became rows is not known: values are not compared with the topic's,"
              + " and of filtered records only the number is checked, not which they are";
      if (options.values() == VerifyOptions.Values.ALWAYS) {
        report.add(Finding.of(Kind.SQL_NOT_PROVABLE, said));
      } else {
        report.note(said);
      }
      return ValueComparison.off();
    }
    if (wantsValues()) {
      return ValueComparison.of(table, stream, history, config.registry(), report);
    }
    return history == null
        ? ValueComparison.off()
        : ValueComparison.ofSql(history, config.registry());
  }

  private boolean wantsValues() {
    return switch (options.values()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case WITH_MANIFEST -> !manifests.isEmpty();
    };
  }

  /** What is behind sums that differ, by partition. */
  private Map<Integer, List<Finding>> lookAgain(
      PinnedTable table,
      int generation,
      TableRows rows,
      TopicWitness topic,
      ValueComparison values) {
    List<Block> suspects = new ArrayList<>();
    new TreeMap<>(topic.accounts())
        .forEach(
            (partition, heard) ->
                suspects.addAll(ValueJudge.suspects(partition, rows.account(partition), heard)));
    return suspects.isEmpty()
        ? Map.of()
        : new SecondLook(table, stream.columns(), generation, values, topic, nanoClock)
            .look(suspects);
  }

  private void judge(
      Ledger ledger,
      TableRows rows,
      DeadLetterRows dead,
      TopicWitness topic,
      ValueComparison values,
      Map<Integer, List<Finding>> differing,
      ClosedGenerations closed) {
    rows.findings().forEach(report::add);
    ledger
        .partitions()
        .forEach(
            (partition, claim) -> {
              RowAccount account = rows.account(partition);
              TopicAccount heard = topic.accounts().get(partition);
              Evidence evidence =
                  new Evidence(
                      partition,
                      claim,
                      account,
                      dead.account(partition),
                      heard,
                      topic.silence(),
                      topic.compacted(),
                      ledger.accepted().stream()
                          .filter(loss -> loss.partition() == partition)
                          .toList(),
                      acknowledged.get(partition));
              List<Finding> ofValues =
                  new ArrayList<>(differing.getOrDefault(partition, List.of()));
              if (values.works() && heard != null) {
                ValueJudge.undecodable(partition, heard).ifPresent(ofValues::add);
                ValueJudge.unstorable(partition, account, heard).ifPresent(ofValues::add);
              }
              report.add(PartitionJudge.judge(evidence), ofValues);
            });
    rows.strangers().forEach(report::stranger);
    if (rows.withoutPosition() > 0) {
      report.withoutPosition(rows.withoutPosition());
    }
    judgeManifests(ledger, closed);
    values.reportSchemas(report);
    if (values.works() && wantsValues() && !topic.accounts().isEmpty()) {
      report.valuesCompared(
          ledger.partitions().keySet().stream()
              .mapToLong(partition -> rows.account(partition).sums.rows())
              .sum());
    }
  }

  /** What can be said of the manifests as a whole, and of partitions that the ledger lacks. */
  private void judgeManifests(Ledger ledger, ClosedGenerations closed) {
    manifests.stream()
        .filter(m -> !closed.has(m.topicId()))
        .limit(1) // they are all of one topic
        .filter(m -> !m.topicId().equals(ledger.topicId()))
        .forEach(
            m ->
                report.add(
                    Finding.of(
                        Kind.MANIFEST_TOPIC,
                        "the manifest is of topic id %s, the table of topic id %s"
                            .formatted(m.topicId(), ledger.topicId()))));
    acknowledged.values().stream()
        .flatMap(List::stream)
        .filter(entry -> !ledger.partitions().containsKey(entry.partition()))
        .forEach(
            entry ->
                report.add(
                    Finding.of(
                        Kind.NOT_YET_INGESTED,
                        entry.partition(),
                        "%d records acknowledged, the stream has not come to this partition"
                            .formatted(entry.acknowledged()))));
  }
}
