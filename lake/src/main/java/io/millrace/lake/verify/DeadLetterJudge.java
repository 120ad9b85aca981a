package io.millrace.lake.verify;

import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** Decides from the evidence what is true of one partition's dead letters. No I/O. */
final class DeadLetterJudge {
  private final Evidence evidence;
  private final PartitionEntry claim;
  private final RowAccount rows;
  private final DeadAccount dead;
  private final List<Finding> findings = new ArrayList<>();
  private long both;
  private long notDelivered;

  private DeadLetterJudge(Evidence evidence) {
    this.evidence = evidence;
    this.claim = evidence.claim();
    this.rows = evidence.rows();
    this.dead = evidence.dead();
  }

  /**
   * What was decided.
   *
   * @param duplicated beyond the first of their offset, or beside its row
   * @param notDelivered dead letters whose offset Kafka did not deliver, where it was asked
   */
  record Judgement(List<Finding> findings, long duplicated, long notDelivered) {}

  static Judgement judge(Evidence evidence) {
    return new DeadLetterJudge(evidence).judge();
  }

  private Judgement judge() {
    judgeForeign();
    judgeDuplicates();
    judgeResolutions();
    if (evidence.topic() != null) {
      judgeDelivery(evidence.topic());
      judgeContent(evidence.topic());
    }
    if (dead.rows.offsets.size() != claim.dead()) {
      findings.add(
          Finding.of(
              Kind.LEDGER_COUNTS,
              evidence.partition(),
              "the ledger claims %d dead letters, there are dead letters of %d offsets"
                  .formatted(claim.dead(), dead.rows.offsets.size())));
    }
    return new Judgement(findings, dead.rows.duplicates + both, notDelivered);
  }

  private void judgeForeign() {
    if (dead.rows.foreign > 0) {
      add(
          Kind.UNEXPLAINED_DEAD_LETTERS,
          "%d dead letters outside the ledger's offsets [%d, %d)"
              .formatted(dead.rows.foreign, claim.first(), claim.next()),
          dead.rows.foreignOffsets);
    }
  }

  private void judgeDuplicates() {
    if (dead.rows.duplicates > 0) {
      RangeList ranges = new RangeList();
      long offsets = dead.rows.repeated.minus(new OffsetSet(), claim.first(), claim.next(), ranges);
      add(
          Kind.DUPLICATE_DEAD_LETTERS,
          "%d offsets have more than one dead letter, %d too many"
              .formatted(offsets, dead.rows.duplicates),
          ranges);
    }
    RangeList ranges = new RangeList();
    OffsetSet open = new OffsetSet();
    dead.rows.offsets.forEach(
        claim.first(),
        claim.next(),
        offset -> {
          if (!dead.redriven.contains(offset)) {
            open.add(offset);
          }
        });
    both = open.and(rows.offsets, claim.first(), claim.next(), ranges);
    if (both > 0) {
      add(
          Kind.ROW_AND_DEAD_LETTER,
          "%d offsets are a row and a dead letter".formatted(both),
          ranges);
    }
  }

  private void judgeResolutions() {
    RangeList missing = new RangeList();
    long lacking = dead.redriven.minus(rows.offsets, claim.first(), claim.next(), missing);
    if (lacking > 0) {
      add(Kind.RESOLUTIONS, "%d redriven dead letters have no row".formatted(lacking), missing);
    }
    long redriven = dead.redriven.size() + dead.redrivenBefore.size();
    long discarded = dead.discarded.size() + dead.discardedBefore.size();
    if (redriven != dead.redrivenClaim || discarded != dead.discardedClaim) {
      findings.add(
          Finding.of(
              Kind.RESOLUTIONS,
              evidence.partition(),
              "the table notes %d redriven and %d discarded dead letters, there are %d and %d"
                  .formatted(dead.redrivenClaim, dead.discardedClaim, redriven, discarded)));
    }
  }

  private void judgeDelivery(TopicAccount topic) {
    RangeList extra = new RangeList();
    notDelivered = dead.rows.offsets.minus(topic.deadDelivered, topic.from(), topic.to, extra);
    if (notDelivered > 0 && !evidence.compacted()) {
      add(
          Kind.UNEXPLAINED_DEAD_LETTERS,
          "%d dead letters whose offset holds no record in Kafka".formatted(notDelivered),
          extra);
    }
  }

  /** Compares 64 offsets at a time, where Kafka has delivered all of them. */
  private void judgeContent(TopicAccount topic) {
    RangeList differing = new RangeList();
    dead.rows.offsets.forEach(
        topic.from(),
        topic.to,
        offset -> {
          boolean whole = dead.rows.offsets.word(offset) == topic.deadDelivered.word(offset);
          if (whole && dead.sums.at(offset) != topic.deadSums.at(offset)) {
            differing.add(offset);
          }
        });
    if (!differing.ranges().isEmpty()) {
      add(
          Kind.DEAD_LETTERS_DIFFER,
          "timestamp, key, value or headers of dead letters are not the record's in Kafka, at some of these",
          differing);
    }
  }

  private void add(Kind kind, String text, RangeList offsets) {
    findings.add(new Finding(kind, evidence.partition(), text, offsets.ranges()));
  }
}
