package io.millrace.cli.drill;

import io.millrace.cli.drill.DrillReport.Step;
import java.util.Locale;
import java.util.Map;

/** A drill's report for people. */
final class DrillMarkdown {
  private DrillMarkdown() {}

  static String of(DrillReport report) {
    StringBuilder text = new StringBuilder("# Drill, seed " + report.seed() + "\n\n");
    text.append(verdict(report)).append("\n\n");
    text.append("| killed | times |\n|---|---|\n");
    rows(text, report.kills());
    text.append("\n| kills of ingest hit this phase | times |\n|---|---|\n");
    rows(text, report.phases());
    DrillReport.Recovery recovery = report.recovery();
    text.append("\n| until the next commit, median | seconds |\n|---|---|\n");
    row(text, "of a plain start", recovery.plainStart());
    row(text, "from SIGKILL of ingest", recovery.ingest());
    row(text, "from the killed broker's first answer", recovery.broker());
    row(text, "from SIGKILL of the producer", recovery.producer());
    recovery.faults().forEach((fault, millis) -> row(text, "from the end of: " + fault, millis));
    row(text, "the longest of all", recovery.worst());
    text.append(
        "\n| # | planned | at | phase | flow on after (s) | lost | duplicated | |\n|---|---|---|---|---|---|---|---|\n");
    for (Step step : report.steps()) {
      text.append(
          "| %d | %s | %s | %s | %s | %d | %d | %s |\n"
              .formatted(
                  step.number(),
                  step.planned(),
                  step.at(),
                  step.phase() == null ? "" : step.phase(),
                  seconds(step.recoveredMillis()),
                  step.lost(),
                  step.duplicated(),
                  step.note() == null ? "" : step.note()));
    }
    report.audit().findings().forEach(finding -> text.append("\n- ").append(finding));
    return text.toString();
  }

  /** The sentence that counts. */
  static String verdict(DrillReport report) {
    DrillReport.Audit audit = report.audit();
    DrillReport.Independent count = audit.independent();
    return String.format(
        Locale.ROOT,
        "%s: %d steps, %,d rows and %,d dead letters; %,d lost, %,d duplicated, verify says %s."
            + " Counted without verify: %,d rows of %,d offsets, %,d records in Kafka that are to be rows, hashes %s."
            + " Of %,d acknowledged records Kafka lacks %,d.",
        report.ok() ? "PASSED" : "FAILED",
        report.steps().size(),
        audit.rows(),
        audit.deadLetters(),
        audit.lost(),
        audit.duplicated(),
        audit.verdict(),
        count.rows(),
        count.distinct(),
        count.records(),
        count.hash().equals(count.recordsHash()) ? "equal" : "DIFFERENT",
        audit.acknowledged(),
        audit.acknowledgedMissing());
  }

  private static void rows(StringBuilder text, Map<String, Long> counts) {
    counts.forEach((name, count) -> text.append("| %s | %d |\n".formatted(name, count)));
  }

  private static void row(StringBuilder text, String what, long millis) {
    text.append("| %s | %s |\n".formatted(what, seconds(millis)));
  }

  private static String seconds(long millis) {
    return millis < 0 ? "-" : String.format(Locale.ROOT, "%.1f", millis / 1e3);
  }
}
