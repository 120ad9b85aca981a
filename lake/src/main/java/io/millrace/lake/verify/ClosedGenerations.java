package io.millrace.lake.verify;

import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Resolutions;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;

/**
 * Generations of a stream's topic that have ended: their records are no longer in Kafka, or others
 * have their offsets there, so the table is held against what their last ledgers say.
 */
final class ClosedGenerations {
  private final StreamConfig stream;
  private final Ledger now;
  private final List<Ledger> ledgers;
  private final ReportBuilder report;

  private ClosedGenerations(
      StreamConfig stream, Ledger now, List<Ledger> ledgers, ReportBuilder report) {
    this.stream = stream;
    this.now = now;
    this.ledgers = ledgers;
    this.report = report;
  }

  /**
   * Those before the ledger's generation; one whose ledger is not there is entered into the report.
   */
  static ClosedGenerations of(
      PinnedTable table, StreamConfig stream, Ledger now, ReportBuilder report) {
    List<Ledger> ledgers = new ArrayList<>();
    for (int generation = Ledger.FIRST_GENERATION; generation < now.generation(); generation++) {
      try {
        Optional<Ledger> closed =
            table.domain(DeltaTable.closedDomain(stream.name(), generation)).map(Ledger::fromJson);
        closed.ifPresent(ledgers::add);
        if (closed.isEmpty() || closed.get().generation() != generation) {
          report.add(
              Finding.of(
                  Kind.LEDGER_INVALID,
                  "the last ledger of generation %d of the topic is not in the table"
                      .formatted(generation)));
        }
      } catch (MillraceException e) {
        report.add(
            Finding.of(
                Kind.LEDGER_INVALID,
                "the last ledger of generation %d of the topic can't be read: %s"
                    .formatted(generation, e.reason())));
      }
    }
    return new ClosedGenerations(stream, now, ledgers, report);
  }

  List<Ledger> ledgers() {
    return ledgers;
  }

  /** Whether a topic is one of theirs, and not the one of now. */
  boolean has(String topicId) {
    return !topicId.equals(now.topicId())
        && ledgers.stream().anyMatch(ledger -> ledger.topicId().equals(topicId));
  }

  /** Whether one of them ended in the same topic as the one of now, whose log was changed. */
  boolean hasPartsOf(String topicId) {
    return ledgers.stream().anyMatch(ledger -> ledger.topicId().equals(topicId));
  }

  /**
   * Judges each partition of each by its rows, its dead letters and the manifests of its topic.
   *
   * @param rows that were read with {@link TableRows#beside} of each
   * @param foreign commits of others that removed data, ascending
   * @param resolutions by generation, what became of dead letters
   * @param mainTableId id of the stream's own table
   */
  void judge(
      TableRows rows,
      List<CommitLog.Commit> foreign,
      List<Manifest> manifests,
      IntFunction<Resolutions> resolutions,
      String mainTableId,
      Configuration hadoop,
      int threads,
      VerifyProgress progress,
      LongSupplier nanoClock)
      throws Exception {
    for (Ledger ledger : ledgers) {
      DeadLetterRows dead = new DeadLetterRows(stream, ledger, hadoop, report);
      dead.read(mainTableId, threads, progress, nanoClock);
      dead.resolve(resolutions.apply(ledger.generation()));
      Map<Integer, List<Finding>> deleted =
          new DeletedRows(stream, hadoop, ledger, threads, progress, nanoClock)
              .find(foreign, p -> rows.account(ledger.generation(), p), dead, Map.of());
      Map<Integer, List<Manifest.Entry>> acknowledged =
          has(ledger.topicId())
              ? Manifest.spans(
                  manifests.stream().filter(m -> m.topicId().equals(ledger.topicId())).toList())
              : Map.of();
      ledger
          .partitions()
          .forEach(
              (partition, claim) ->
                  report.add(
                      ledger,
                      PartitionJudge.judge(
                          new Evidence(
                              partition,
                              claim,
                              rows.account(ledger.generation(), partition),
                              dead.account(partition),
                              null,
                              Verdict.PROVEN,
                              false,
                              ledger.accepted().stream()
                                  .filter(loss -> loss.partition() == partition)
                                  .toList(),
                              acknowledged.get(partition))),
                      deleted.getOrDefault(partition, List.of())));
    }
  }
}
