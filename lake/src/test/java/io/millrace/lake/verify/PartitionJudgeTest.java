package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.manifest.Manifest;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.ledger.ResolutionsEditor;
import io.millrace.lake.verify.Finding.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** A partition of offsets 10 to 29: rows but for 15 (null value) and 20 (a marker). */
class PartitionJudgeTest {
  private static final long NULL_VALUE = 15;
  private static final long MARKER = 20;
  private static final Fate ROW = Fate.redriven("2026-01-31T00:00:00Z", "me", "a");
  private static final Fate GIVEN_UP =
      Fate.discarded("2026-01-31T00:00:00Z", "me", "a", "never ours");

  private PartitionEntry claim = new PartitionEntry(10, 30, 18, 1, 0, 1);
  private final RowAccount alive = new RowAccount(10, 30);
  private final DeadAccount dead = new DeadAccount(claim);
  private final RowAccount rows = rows(10, 30);

  private static RowAccount rows(long from, long to) {
    RowAccount rows = new RowAccount(10, 30);
    for (long offset = from; offset < to; offset++) {
      if (offset != NULL_VALUE && offset != MARKER) {
        rows.add(offset);
      }
    }
    return rows;
  }

  private TopicAccount topic(long from, Manifest.Entry... spans) {
    TopicAccount topic = new TopicAccount(from, 40, 10, 30, List.of(spans), dead);
    for (long offset = from; offset < 30; offset++) {
      SpanAccount span = topic.spanAt(offset);
      if (offset == NULL_VALUE) {
        topic.nulls++;
      } else if (offset != MARKER) {
        topic.values.add(offset);
      }
      if (span != null && offset != MARKER) {
        span.nulls += offset == NULL_VALUE ? 1 : 0;
        span.hash += offset;
      }
    }
    return topic;
  }

  private PartitionJudge.Judgement judge(TopicAccount topic, boolean compacted) {
    return judge(topic, compacted, (List<Manifest.Entry>) null);
  }

  private PartitionJudge.Judgement judge(
      TopicAccount topic, boolean compacted, Manifest.Entry span) {
    return judge(topic, compacted, List.of(span));
  }

  private PartitionJudge.Judgement judge(
      TopicAccount topic, boolean compacted, List<Manifest.Entry> spans) {
    return PartitionJudge.judge(
        new Evidence(
            3, claim, rows, dead, topic, Verdict.UNREACHABLE, compacted, List.of(), spans));
  }

  private static List<Kind> kinds(PartitionJudge.Judgement judgement) {
    return judgement.findings().stream().map(Finding::kind).toList();
  }

  @Test
  void rowsAndNullsAndMarkersAddUp() {
    PartitionJudge.Judgement judgement = judge(topic(10), false);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report())
        .isEqualTo(
            new PartitionReport(
                3, 10, 30, 10, 18, 19, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 10, Verdict.PROVEN));
  }

  @Test
  void whatWasAcceptedAsLostIsNotMissed() {
    Manifest.Entry manifest = Manifest.Entry.of(3, 24, 0, 5, 29, 1);
    TopicAccount topic = new TopicAccount(10, 40, 10, 30, List.of(manifest), dead);
    TopicAccount heard = topic(10);
    topic.values = heard.values;
    topic.nulls = heard.nulls;
    topic.spans.get(0).nulls = heard.nulls;

    PartitionJudge.Judgement accepted =
        judgeLoss(topic, List.of(manifest), List.of(new Accepted(3, 5, 10, "at", "by")));

    assertThat(accepted.findings()).isEmpty();
    assertThat(accepted.report().acceptedLoss()).isEqualTo(5);
    assertThat(accepted.report().lost()).isZero();
    assertThat(kinds(judgeLoss(topic, List.of(manifest), List.of())))
        .containsExactly(Kind.MANIFEST_COUNT);
  }

  @Test
  void aRowInsideAnAcceptedLossIsNamed() {
    TopicAccount topic = new TopicAccount(10, 40, 10, 30, List.of(), dead);
    topic.values = topic(10).values;
    topic.nulls = topic(10).nulls;
    RowAccount withOne = new RowAccount(5, 30);
    rows.offsets.forEach(0, 30, withOne::add);
    withOne.add(7);

    PartitionJudge.Judgement judgement =
        PartitionJudge.judge(
            new Evidence(
                3,
                new PartitionEntry(5, 30, 18, 1, 0, 0, 1, 5, 0),
                withOne,
                dead,
                topic,
                Verdict.UNREACHABLE,
                false,
                List.of(new Accepted(3, 5, 10, "at", "by")),
                null));

    assertThat(judgement.findings())
        .extracting(Finding::toString)
        .contains("partition 3: 1 rows are of offsets that were accepted as lost: offsets 7");
  }

  private PartitionJudge.Judgement judgeLoss(
      TopicAccount topic, List<Manifest.Entry> spans, List<Accepted> accepted) {
    PartitionEntry lossy = new PartitionEntry(5, 30, 18, 1, 0, 0, 1, 5, 0);
    return PartitionJudge.judge(
        new Evidence(3, lossy, rows, dead, topic, Verdict.UNREACHABLE, false, accepted, spans));
  }

  /** The last four records have no row. */
  private PartitionJudge.Judgement judgeFiltered(long claimed, long topicFrom) {
    Manifest.Entry manifest = Manifest.Entry.of(3, 19, 0, 10, 29, hash(10, 29));
    PartitionEntry filtering = new PartitionEntry(10, 30, 14, 1, 0, claimed, 5 - claimed, 0, 0);
    return PartitionJudge.judge(
        new Evidence(
            3,
            filtering,
            rows(10, 26),
            dead,
            topic(topicFrom, manifest),
            Verdict.UNREACHABLE,
            false,
            List.of(),
            List.of(manifest)));
  }

  @Test
  void filteredRecordsAreAsManyAsTheLedgerSays() {
    PartitionJudge.Judgement right = judgeFiltered(4, 10);
    PartitionJudge.Judgement oneLost = judgeFiltered(3, 10);
    PartitionJudge.Judgement oneTooMany = judgeFiltered(5, 10);

    assertThat(kinds(right)).doesNotContain(Kind.MISSING_ROWS, Kind.LEDGER_COUNTS);
    assertThat(kinds(right)).doesNotContain(Kind.MANIFEST_COUNT);
    assertThat(right.report().filtered()).isEqualTo(4);
    assertThat(right.report().lost()).isZero();
    assertThat(kinds(oneLost)).contains(Kind.MISSING_ROWS);
    assertThat(oneLost.report().lost()).isEqualTo(1);
    assertThat(kinds(oneTooMany)).contains(Kind.LEDGER_COUNTS);
    assertThat(kinds(judgeFiltered(5, 22))).doesNotContain(Kind.LEDGER_COUNTS);
  }

  @Test
  void withoutKafkaOnlyTheClaimIsChecked() {
    PartitionJudge.Judgement judgement = judge(null, false);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report().verdict()).isEqualTo(Verdict.UNREACHABLE);
    assertThat(judgement.report().uncheckable()).isEqualTo(18);
    assertThat(judgement.report().behind()).isEqualTo(-1);
  }

  @Test
  void theFrontThatRetentionTookIsCheckedByTheClaimOnly() {
    PartitionJudge.Judgement judgement = judge(topic(22), false);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report().uncheckable()).isEqualTo(10);
    assertThat(judgement.report().delivered()).isEqualTo(8);
  }

  @Test
  void whatWasRemovedBeforeItWasIngestedIsLost() {
    TopicAccount topic = new TopicAccount(33, 40, 10, 30, List.of(), dead);

    PartitionJudge.Judgement judgement = judge(topic, true);

    assertThat(judgement.report().verdict()).isEqualTo(Verdict.WRONG);
    assertThat(judgement.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(Kind.GONE_BEFORE_INGEST);
              assertThat(finding.offsets()).containsExactly(new OffsetRange(30, 32));
            });
  }

  @Test
  void nullsThatTheLedgerDoesNotClaimAreWrong() {
    TopicAccount topic = topic(10);
    topic.nulls++;

    assertThat(kinds(judge(topic, false))).containsExactly(Kind.LEDGER_COUNTS);
  }

  @Test
  void nullsThatCompactionTookAreRight() {
    TopicAccount topic = topic(10);
    topic.nulls--;

    assertThat(kinds(judge(topic, false))).containsExactly(Kind.LEDGER_COUNTS);
    assertThat(kinds(judge(topic, true))).isEmpty();
  }

  @Test
  void rowsWithoutRecordAreUnexplainedUnlessCompacted() {
    rows.add(MARKER);

    PartitionJudge.Judgement kept = judge(topic(10), false);
    PartitionJudge.Judgement compacted = judge(topic(10), true);

    assertThat(kinds(kept)).containsExactly(Kind.UNEXPLAINED_ROWS, Kind.LEDGER_COUNTS);
    assertThat(kept.report().unexplained()).isEqualTo(1);
    assertThat(kinds(compacted)).containsExactly(Kind.LEDGER_COUNTS);
    assertThat(compacted.report().compactedSince()).isEqualTo(1);
  }

  @Test
  void aManifestCountsNullsAndIgnoresMarkers() {
    Manifest.Entry manifest = Manifest.Entry.of(3, 10, 0, 12, 22, hash(12, 22));

    PartitionJudge.Judgement judgement = judge(topic(10, manifest), false, manifest);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report().acknowledged()).isEqualTo(10);
  }

  @Test
  void unknownDeliveriesAreTolerance() {
    Manifest.Entry manifest = Manifest.Entry.of(3, 8, 2, 12, 22, 1);

    PartitionJudge.Judgement judgement = judge(topic(10, manifest), false, manifest);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.notes())
        .containsExactly(
            "partition 3: 2 records of unknown fate, so payload hashes can't be compared",
            "partition 3: 2 records of unknown fate, 2 more than acknowledged are there");
    Manifest.Entry tooFew = Manifest.Entry.of(3, 7, 2, 12, 22, 1);
    assertThat(kinds(judge(topic(10, tooFew), false, tooFew))).containsExactly(Kind.MANIFEST_COUNT);
  }

  @Test
  void recordsOfOthersMayLieBetweenTheManifests() {
    Manifest.Entry early = Manifest.Entry.of(3, 3, 0, 11, 13, hash(11, 13));
    Manifest.Entry late = Manifest.Entry.of(3, 3, 0, 24, 26, hash(24, 26));
    TopicAccount topic = topic(10, early, late);

    PartitionJudge.Judgement judgement = judge(topic, false, List.of(early, late));

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report().acknowledged()).isEqualTo(6);
    topic.spans.get(1).hash++;
    assertThat(judge(topic, false, List.of(early, late)).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(Kind.MANIFEST_HASH);
              assertThat(finding.text()).contains("24-26");
            });
  }

  @Test
  void nullsBelowTheLogsStartMayBeAcknowledged() {
    Manifest.Entry manifest = Manifest.Entry.of(3, 10, 0, 12, 22, hash(12, 22));

    PartitionJudge.Judgement judgement = judge(topic(18, manifest), false, manifest);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.notes())
        .containsExactly(
            "partition 3: acknowledged payloads below offset 18 are no longer checkable");
    Manifest.Entry more = Manifest.Entry.of(3, 11, 0, 12, 22, hash(12, 22));
    assertThat(kinds(judge(topic(18, more), false, more))).containsExactly(Kind.MANIFEST_COUNT);
  }

  /** Offset 12 and the null value at 15 are dead letters instead. */
  private void kill() {
    claim = new PartitionEntry(10, 30, 17, 0, 2, 1);
    for (long offset = 10; offset < 30; offset++) {
      if (offset == 12 || offset == NULL_VALUE) {
        dead.add(offset, deadHash(offset));
      } else if (offset != MARKER) {
        alive.add(offset);
      }
    }
  }

  private static long deadHash(long offset) {
    byte[] value = offset == NULL_VALUE ? null : new byte[] {(byte) offset};
    return DeadAccount.hash(
        3, offset, DeadAccount.micros(offset), null, value, DeadAccount.NO_HEADERS);
  }

  private static void deliver(TopicAccount topic, long offset) {
    ByteBuffer value = offset == NULL_VALUE ? null : ByteBuffer.wrap(new byte[] {(byte) offset});
    topic.addDead(
        new ConsumerRecord<>(
            "t",
            3,
            offset,
            offset,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  private PartitionJudge.Judgement judgeDead(
      TopicAccount topic, boolean compacted, List<Manifest.Entry> spans) {
    return PartitionJudge.judge(
        new Evidence(
            3, claim, alive, dead, topic, Verdict.UNREACHABLE, compacted, List.of(), spans));
  }

  @Test
  void deadLettersAreKeptAndNotLost() {
    kill();
    Manifest.Entry manifest = Manifest.Entry.of(3, 10, 0, 12, 22, hash(12, 22));
    TopicAccount topic = topic(10, manifest);
    deliver(topic, 12);
    deliver(topic, NULL_VALUE);

    PartitionJudge.Judgement judgement = judgeDead(topic, false, List.of(manifest));

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report())
        .isEqualTo(
            new PartitionReport(
                3, 10, 30, 10, 17, 19, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 10, Verdict.PROVEN));
  }

  @Test
  void withoutKafkaDeadLettersAreCheckedByTheClaim() {
    kill();

    PartitionJudge.Judgement judgement = judgeDead(null, false, null);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report().uncheckable()).isEqualTo(19);
    dead.add(25, 0);
    assertThat(kinds(judgeDead(null, false, null)))
        .containsExactly(Kind.ROW_AND_DEAD_LETTER, Kind.LEDGER_COUNTS);
  }

  @Test
  void aDeadLetterWithoutRecordIsUnexplainedUnlessCompacted() {
    kill();
    TopicAccount topic = topic(10);
    deliver(topic, 12);
    topic.nulls--;

    PartitionJudge.Judgement kept = judgeDead(topic, false, null);
    PartitionJudge.Judgement compacted = judgeDead(topic, true, null);

    assertThat(kinds(kept)).containsExactly(Kind.UNEXPLAINED_DEAD_LETTERS);
    assertThat(kept.report().unexplained()).isEqualTo(1);
    assertThat(kinds(compacted)).isEmpty();
    assertThat(compacted.report().compactedSince()).isEqualTo(1);
  }

  @Test
  void aDeadLetterThatIsNotTheRecord() {
    kill();
    TopicAccount topic = topic(10);
    deliver(topic, 12);
    deliver(topic, NULL_VALUE);
    topic.deadSums.add(NULL_VALUE, 1);

    assertThat(kinds(judgeDead(topic, false, null))).containsExactly(Kind.DEAD_LETTERS_DIFFER);
  }

  private static long hash(long from, long to) {
    long hash = 0;
    for (long offset = from; offset <= to; offset++) {
      hash += offset == MARKER ? 0 : offset;
    }
    return hash;
  }

  /** What became of the dead letters at 12 and 15, noted as if there were one at 14, too. */
  private void resolve(Fate... fates) {
    ResolutionsEditor editor =
        new ResolutionsEditor(
            Resolutions.none("s"), new TreeMap<>(Map.of(3, new long[] {12, 14, NULL_VALUE})));
    long[] offsets = {12, NULL_VALUE, 14};
    for (int i = 0; i < fates.length; i++) {
      editor.set(3, offsets[i], fates[i]);
    }
    dead.resolve(3, editor.build("me", "a"));
  }

  @Test
  void redrivenAndDiscardedOnesAreCounted() {
    kill();
    alive.add(12);
    resolve(ROW, GIVEN_UP);
    TopicAccount topic = topic(10);
    deliver(topic, 12);
    deliver(topic, NULL_VALUE);

    PartitionJudge.Judgement judgement = judgeDead(topic, false, null);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.report())
        .isEqualTo(
            new PartitionReport(
                3, 10, 30, 10, 18, 19, 1, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, -1, 10, Verdict.PROVEN));
    assertThat(judgeDead(null, false, null).findings()).isEmpty();
  }

  @Test
  void aRedrivenOneWithoutRowIsNamed() {
    kill();
    resolve(ROW);

    assertThat(kinds(judgeDead(null, false, null)))
        .containsExactly(Kind.LEDGER_COUNTS, Kind.RESOLUTIONS);
  }

  @Test
  void aDiscardedOneThatIsARowIsNamed() {
    kill();
    alive.add(12);
    resolve(GIVEN_UP);

    assertThat(kinds(judgeDead(null, false, null)))
        .containsExactly(Kind.LEDGER_COUNTS, Kind.ROW_AND_DEAD_LETTER);
  }

  @Test
  void whatIsNotedOfNoDeadLetterIsNamed() {
    kill();
    resolve(GIVEN_UP, GIVEN_UP, GIVEN_UP);

    assertThat(judgeDead(null, false, null).findings())
        .extracting(Finding::text)
        .containsExactly(
            "the table notes 0 redriven and 3 discarded dead letters, there are 0 and 2");
  }
}
