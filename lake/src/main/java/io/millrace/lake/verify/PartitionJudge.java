package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** Decides from the evidence what is true of one partition. No I/O. */
final class PartitionJudge {
  private final Evidence evidence;
  private final PartitionEntry claim;
  private final RowAccount rows;
  private final DeadAccount dead;
  private final TopicAccount topic;

  /** Offsets that are a row or a dead letter. */
  private final OffsetSet kept;

  /** Those, and offsets that others took the row of. */
  private final OffsetSet accounted;

  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long lost;

  /** Records delivered with a value that are neither a row nor a dead letter, nor were deleted. */
  private long unkept;

  private long duplicated;
  private long unexplained;
  private long compactedSince;

  private PartitionJudge(Evidence evidence) {
    this.evidence = evidence;
    this.claim = evidence.claim();
    this.rows = evidence.rows();
    this.dead = evidence.dead();
    this.topic = evidence.topic();
    this.kept = dead.rows.offsets.size() == 0 ? rows.offsets : rows.offsets.or(dead.rows.offsets);
    this.accounted = rows.deleted.size() == 0 ? kept : kept.or(rows.deleted);
  }

  /** What was decided. */
  record Judgement(PartitionReport report, List<Finding> findings, List<String> notes) {}

  static Judgement judge(Evidence evidence) {
    return new PartitionJudge(evidence).judge();
  }

  private Judgement judge() {
    unexplained = rows.foreign + dead.rows.foreign;
    judgeForeign();
    judgeDuplicates();
    if (topic != null) {
      judgeLog();
      judgeOffsets();
    }
    judgeClaim();
    judgeAcceptedLoss();
    judgeDeadLetters();
    if (evidence.acknowledged() != null) {
      judgeManifests(evidence.acknowledged());
    }
    Verdict verdict = topic == null ? evidence.withoutTopic() : Verdict.PROVEN;
    for (Finding finding : findings) {
      verdict = verdict.and(finding.kind().verdict());
    }
    return new Judgement(report(verdict), findings, notes);
  }

  private void judgeForeign() {
    if (rows.foreign > 0) {
      add(
          Kind.FOREIGN_ROWS,
          "%d rows outside the ledger's offsets [%d, %d)"
              .formatted(rows.foreign, claim.first(), claim.next()),
          rows.foreignOffsets);
    }
  }

  private void judgeDuplicates() {
    if (rows.duplicates > 0) {
      RangeList ranges = new RangeList();
      long offsets = rows.repeated.minus(new OffsetSet(), claim.first(), claim.next(), ranges);
      add(
          Kind.DUPLICATE_ROWS,
          "%d offsets have more than one row, %d rows too many".formatted(offsets, rows.duplicates),
          ranges);
    }
  }

  private void judgeLog() {
    if (topic.logEnd < claim.next()) {
      add(
          Kind.LOG_SHORTER,
          "Kafka's log ends at offset %d, the ledger's next offset is %d"
              .formatted(topic.logEnd, claim.next()));
    }
    if (topic.logStart > claim.next()) {
      findings.add(
          new Finding(
              Kind.GONE_BEFORE_INGEST,
              evidence.partition(),
              "%d offsets are gone from Kafka that were never ingested"
                  .formatted(topic.logStart - claim.next()),
              List.of(new OffsetRange(claim.next(), topic.logStart - 1))));
    }
  }

  private void judgeOffsets() {
    RangeList holes = new RangeList();
    unkept = topic.values.minus(accounted, topic.from(), topic.to, holes);
    lost = Math.max(0, unkept - claim.filtered());
    SqlJudge.Judgement sql = SqlJudge.judge(evidence.partition(), accounted, rows.offsets, topic);
    findings.addAll(sql.findings());
    if (lost > sql.missing()) {
      add(Kind.MISSING_ROWS, missing(), holes);
    }
    lost = Math.max(lost, sql.missing());
    judgeFiltered();
    RangeList extra = new RangeList();
    long notDelivered = rows.offsets.minus(topic.values, topic.from(), topic.to, extra);
    if (evidence.compacted()) {
      compactedSince = notDelivered;
    } else if (notDelivered > 0) {
      unexplained += notDelivered;
      add(
          Kind.UNEXPLAINED_ROWS,
          "%d rows whose offset holds no record with a value in Kafka".formatted(notDelivered),
          extra);
    }
  }

  private String missing() {
    if (claim.filtered() > 0) {
      return "%d delivered records are neither a row nor a dead letter, and the ledger says that %d were filtered"
          .formatted(unkept, claim.filtered());
    }
    return claim.dead() == 0 && dead.rows.rows() == 0
        ? "%d delivered records have no row".formatted(lost)
        : "%d delivered records are neither a row nor a dead letter".formatted(lost);
  }

  /** Which records were filtered is in no table; how many is, where Kafka still has them. */
  private void judgeFiltered() {
    long filteredBefore = claim.filtered() - unkept;
    long mostBefore = topic.from() - claim.first();
    if (topic.logEnd >= claim.next() && !evidence.compacted() && filteredBefore > mostBefore) {
      add(
          Kind.LEDGER_COUNTS,
          "the ledger claims %d filtered records in [%d, %d), Kafka delivered %d without row or dead letter in [%d, %d)"
              .formatted(
                  claim.filtered(), claim.first(), claim.next(), unkept, topic.from(), topic.to));
    }
  }

  private void judgeAcceptedLoss() {
    RangeList ranges = new RangeList();
    long there = 0;
    for (Accepted loss : evidence.accepted()) {
      there += rows.offsets.minus(new OffsetSet(), loss.from(), loss.to(), ranges);
    }
    if (there > 0) {
      add(
          Kind.ACCEPTED_LOSS_HAS_ROWS,
          "%d rows are of offsets that were accepted as lost".formatted(there),
          ranges);
    }
  }

  private void judgeDeadLetters() {
    DeadLetterJudge.Judgement judgement = DeadLetterJudge.judge(evidence);
    findings.addAll(judgement.findings());
    duplicated = rows.duplicates + judgement.duplicated();
    if (evidence.compacted()) {
      compactedSince += judgement.notDelivered();
    } else {
      unexplained += judgement.notDelivered();
    }
  }

  /** The ledger's counts against the table's rows and, where Kafka still has them, its nulls. */
  private void judgeClaim() {
    if (rows.offsets.size() + rows.deleted.size() != claim.rows() + dead.redriven.size()) {
      add(
          Kind.LEDGER_COUNTS,
          "the ledger claims %d rows, the table has rows of %d offsets%s"
              .formatted(
                  claim.rows(),
                  rows.offsets.size(),
                  dead.redriven.size() == 0
                      ? ""
                      : ", and %d redriven dead letters".formatted(dead.redriven.size())));
    }
    if (topic == null || topic.logEnd < claim.next()) {
      return;
    }
    long nullsBefore = claim.nulls() - topic.skippedNulls();
    long mostBefore = topic.from() - claim.first();
    boolean fits =
        evidence.compacted() ? nullsBefore >= 0 : nullsBefore >= 0 && nullsBefore <= mostBefore;
    if (!fits) {
      add(
          Kind.LEDGER_COUNTS,
          "the ledger claims %d null values in [%d, %d), Kafka delivered %d in [%d, %d)"
              .formatted(
                  claim.nulls(),
                  claim.first(),
                  claim.next(),
                  topic.skippedNulls(),
                  topic.from(),
                  topic.to));
    }
  }

  private void judgeManifests(List<Manifest.Entry> spans) {
    long beyondAcknowledged = 0;
    for (int i = 0; i < spans.size(); i++) {
      Manifest.Entry span = spans.get(i);
      if (span.lastOffset() >= claim.next()) {
        add(
            Kind.NOT_YET_INGESTED,
            "acknowledged up to offset %d, ingested up to %d"
                .formatted(span.lastOffset(), claim.next() - 1));
        return;
      }
      SpanAccount heard = topic == null ? null : topic.spans.get(i);
      beyondAcknowledged += judgeAcknowledged(span, heard);
      if (heard != null) {
        judgePayloads(span, heard);
      }
    }
    if (!spans.isEmpty() && spans.get(0).unknown() > 0) {
      notes.add(
          "partition %d: %d records of unknown fate, %d more than acknowledged are there"
              .formatted(evidence.partition(), spans.get(0).unknown(), beyondAcknowledged));
    }
  }

  /** How many records are there beyond the acknowledged ones. */
  private long judgeAcknowledged(Manifest.Entry span, SpanAccount heard) {
    long inTable = inTable(span);
    long fewest = inTable + (heard == null ? 0 : heard.nulls + filtered(span));
    long most = inTable + mostNulls(span, heard) + mostFiltered(span, heard) + acceptedLoss(span);
    long acknowledged = span.acknowledged();
    if (most < acknowledged) {
      add(
          Kind.MANIFEST_COUNT,
          "%d records acknowledged in offsets %d-%d, %d are in the table%s"
              .formatted(
                  acknowledged,
                  span.firstOffset(),
                  span.lastOffset(),
                  inTable,
                  most == inTable
                      ? ""
                      : " and at most %d had a null value%s%s"
                          .formatted(
                              most - inTable,
                              claim.filtered() == 0 ? "" : " or were filtered",
                              claim.lost() == 0 ? "" : " or were accepted as lost")));
    } else if (fewest > acknowledged + span.unknown()) {
      add(
          Kind.MANIFEST_COUNT,
          ("%d records acknowledged%s in offsets %d-%d, %d are there: sent twice, or by a producer"
                  + " at the same time whose manifest was not given")
              .formatted(
                  acknowledged,
                  span.unknown() == 0 ? "" : " and " + span.unknown() + " of unknown fate",
                  span.firstOffset(),
                  span.lastOffset(),
                  fewest));
    }
    return Math.max(0, fewest - acknowledged);
  }

  /** Offsets of the span that were accepted as lost: each may have been a record. */
  private long acceptedLoss(Manifest.Entry span) {
    return evidence.accepted().stream()
        .mapToLong(
            loss ->
                Math.min(loss.to(), span.lastOffset() + 1)
                    - Math.max(loss.from(), span.firstOffset()))
        .filter(offsets -> offsets > 0)
        .sum();
  }

  /** Offsets of the span that are a row or a dead letter or were, but for null values. */
  private long inTable(Manifest.Entry span) {
    long from = span.firstOffset();
    long to = span.lastOffset() + 1;
    long deadNulls =
        topic == null ? 0 : topic.deadDelivered.minus(topic.deadValues, from, to, null);
    return accounted.count(from, to) - deadNulls;
  }

  /** Records of the span seen that were filtered, if no more are missing than that. */
  private long filtered(Manifest.Entry span) {
    return claim.filtered() == 0
        ? 0
        : topic.values.minus(
            accounted,
            Math.max(span.firstOffset(), topic.from()),
            Math.min(span.lastOffset() + 1, topic.to),
            null);
  }

  /** Records of the span that may be filtered: those seen, and what Kafka lacks by now. */
  private long mostFiltered(Manifest.Entry span, SpanAccount heard) {
    if (heard == null) {
      return claim.filtered();
    }
    boolean front = span.firstOffset() < topic.from() || evidence.compacted();
    return filtered(span) + (front ? Math.max(0, claim.filtered() - unkept) : 0);
  }

  /** Null values that may lie in the span: those seen, and what Kafka lacks by now. */
  private long mostNulls(Manifest.Entry span, SpanAccount heard) {
    if (heard == null) {
      return claim.nulls();
    }
    boolean front = span.firstOffset() < topic.from() || evidence.compacted();
    return heard.nulls + (front ? Math.max(0, claim.nulls() - topic.skippedNulls()) : 0);
  }

  private void judgePayloads(Manifest.Entry span, SpanAccount heard) {
    if (span.firstOffset() < topic.from()) {
      notes.add(
          "partition %d: acknowledged payloads below offset %d are no longer checkable"
              .formatted(evidence.partition(), topic.from()));
    } else if (evidence.compacted()) {
      notes.add(
          "partition %d: the topic is compacted, acknowledged payloads were not compared"
              .formatted(evidence.partition()));
    } else if (heard.hash != span.hashValue()) {
      if (span.unknown() > 0) {
        notes.add(
            "partition %d: %d records of unknown fate, so payload hashes can't be compared"
                .formatted(evidence.partition(), span.unknown()));
      } else {
        add(
            Kind.MANIFEST_HASH,
            "the payloads acknowledged in offsets %d-%d hash to %s, those in Kafka to %016x"
                .formatted(span.firstOffset(), span.lastOffset(), span.hash(), heard.hash));
      }
    }
  }

  private PartitionReport report(Verdict verdict) {
    long checkedFrom = topic == null ? claim.next() : topic.from();
    return new PartitionReport(
        evidence.partition(),
        claim.first(),
        claim.next(),
        checkedFrom,
        rows.rows(),
        topic == null ? 0 : topic.delivered(),
        topic == null ? 0 : topic.nulls,
        dead.rows.rows(),
        dead.redriven.size(),
        dead.discarded.size(),
        claim.filtered(),
        claim.lost(),
        lost,
        rows.deleted.size(),
        duplicated,
        unexplained,
        compactedSince,
        kept.count(claim.first(), checkedFrom),
        acknowledged(),
        topic == null ? -1 : Math.max(0, topic.logEnd - claim.next()),
        verdict);
  }

  private long acknowledged() {
    return evidence.acknowledged() == null
        ? -1
        : evidence.acknowledged().stream().mapToLong(Manifest.Entry::acknowledged).sum();
  }

  private void add(Kind kind, String text) {
    findings.add(Finding.of(kind, evidence.partition(), text));
  }

  private void add(Kind kind, String text, RangeList offsets) {
    findings.add(new Finding(kind, evidence.partition(), text, offsets.ranges()));
  }
}
