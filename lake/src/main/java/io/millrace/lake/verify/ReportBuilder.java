package io.millrace.lake.verify;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Gathers one stream's report. */
final class ReportBuilder {
  private final StreamConfig stream;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<PartitionReport> partitions = new ArrayList<>();
  private final List<GenerationReport> closed = new ArrayList<>();
  private Ledger ledger;
  private long version = -1;
  private String since;
  private long sinceVersion = -1;
  private int ledgerVersions;
  private long strangers;
  private long valuesCompared = -1;

  ReportBuilder(StreamConfig stream) {
    this.stream = stream;
  }

  void version(long pinned) {
    version = pinned;
  }

  void since(VerifyOptions.Since asked, long then) {
    since = asked.toString();
    sinceVersion = then;
  }

  void ledger(Ledger pinned) {
    ledger = pinned;
    accepted("", pinned);
  }

  private void accepted(String where, Ledger pinned) {
    for (Accepted loss : pinned.accepted()) {
      notes.add(
          "%spartition %d: offsets %s were accepted as lost at %s by %s"
              .formatted(
                  where,
                  loss.partition(),
                  new OffsetRange(loss.from(), loss.to() - 1),
                  loss.at(),
                  loss.by()));
    }
  }

  void chain(LedgerChain chain) {
    ledgerVersions = chain.ledgers();
    findings.addAll(chain.findings());
    notes.addAll(chain.notes());
  }

  void add(Finding finding) {
    findings.add(finding);
  }

  void note(String note) {
    notes.add(note);
  }

  void add(PartitionJudge.Judgement judgement, List<Finding> values) {
    findings.addAll(judgement.findings());
    findings.addAll(values);
    notes.addAll(judgement.notes());
    Verdict verdict = judgement.report().verdict();
    for (Finding finding : values) {
      verdict = verdict.and(finding.kind().verdict());
    }
    partitions.add(judgement.report().with(verdict));
  }

  /** A partition of a generation that has ended. */
  void add(Ledger of, PartitionJudge.Judgement judgement, List<Finding> deleted) {
    String where = "generation %d, ".formatted(of.generation());
    if (closed.isEmpty() || closed.get(closed.size() - 1).generation() != of.generation()) {
      closed.add(
          new GenerationReport(of.generation(), of.topicId(), of.clusterId(), new ArrayList<>()));
      accepted(where, of);
    }
    List<Finding> all = new ArrayList<>(judgement.findings());
    all.addAll(deleted);
    Verdict verdict = judgement.report().verdict();
    for (Finding finding : all) {
      verdict = verdict.and(finding.kind().verdict());
      findings.add(finding.in(where));
    }
    judgement.notes().forEach(note -> notes.add(where + note));
    closed.get(closed.size() - 1).partitions().add(judgement.report().with(verdict));
  }

  /** Rows of a partition that the ledger does not know. */
  void stranger(int partition, RowAccount rows) {
    strangers += rows.foreign;
    findings.add(
        new Finding(
            Kind.FOREIGN_ROWS,
            partition,
            "%d rows, but the ledger has no such partition".formatted(rows.foreign),
            rows.foreignOffsets.ranges()));
  }

  /** Rows without partition or offset. */
  void withoutPosition(long rows) {
    strangers += rows;
    findings.add(
        Finding.of(Kind.FOREIGN_ROWS, "%d rows have no Kafka partition or offset".formatted(rows)));
  }

  void valuesCompared(long rows) {
    valuesCompared = rows;
  }

  StreamReport build(long millis) {
    List<Finding> sorted = new ArrayList<>(findings);
    sorted.sort(
        Comparator.comparing((Finding f) -> f.kind().verdict())
            .reversed()
            .thenComparing(f -> f.partition() == null ? -1 : f.partition()));
    Verdict verdict =
        findings.stream().map(f -> f.kind().verdict()).reduce(Verdict.PROVEN, Verdict::and);
    boolean manifest =
        Stream.concat(partitions.stream(), closed.stream().flatMap(g -> g.partitions().stream()))
            .anyMatch(p -> p.acknowledged() >= 0);
    boolean reached = partitions.stream().allMatch(p -> p.behind() >= 0);
    return new StreamReport(
        stream.name(),
        stream.topic(),
        ledger == null ? null : ledger.topicId(),
        ledger == null ? null : ledger.clusterId(),
        ledger == null ? 0 : ledger.generation(),
        stream.table(),
        version,
        since,
        sinceVersion,
        ledger == null ? 0 : ledger.sequence(),
        verdict,
        sum(PartitionReport::rows) + strangers,
        sum(PartitionReport::delivered),
        sum(PartitionReport::nulls),
        sum(PartitionReport::deadLetters),
        sum(PartitionReport::redriven),
        sum(PartitionReport::discarded),
        sum(PartitionReport::filtered),
        sum(PartitionReport::acceptedLoss),
        sum(PartitionReport::lost),
        sum(PartitionReport::deleted),
        sum(PartitionReport::duplicated),
        sum(PartitionReport::unexplained) + strangers,
        sum(PartitionReport::compactedSince),
        sum(PartitionReport::uncheckable),
        manifest ? sum(p -> Math.max(0, p.acknowledged())) : -1,
        reached ? partitions.stream().mapToLong(PartitionReport::behind).sum() : -1,
        ledgerVersions,
        valuesCompared,
        millis,
        sorted,
        notes,
        partitions,
        closed);
  }

  private long sum(ToLongFunction<PartitionReport> count) {
    return partitions.stream().mapToLong(count).sum()
        + closed.stream().flatMap(g -> g.partitions().stream()).mapToLong(count).sum();
  }
}
