package io.millrace.lake.verify;

import io.millrace.lake.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report's form for people. */
final class ReportText {
  /** A thousand partitions can have one each; the JSON form has them all. */
  private static final int MOST_NOTES = 20;

  private ReportText() {}

  static String of(VerifyReport report) {
    StringBuilder text = new StringBuilder();
    report.streams().forEach(stream -> stream(stream, text));
    return text.toString();
  }

  private static void stream(StreamReport s, StringBuilder text) {
    text.append("stream ").append(s.stream()).append(": topic ").append(s.topic());
    if (s.generation() > Ledger.FIRST_GENERATION) {
      text.append(" (generation ").append(s.generation()).append(')');
    }
    text.append(" -> ").append(s.table());
    if (s.version() >= 0) {
      text.append(" version ").append(s.version());
    }
    if (s.sinceVersion() >= 0) {
      text.append(", what came since version ").append(s.sinceVersion());
    }
    text.append('\n');
    for (Finding finding : s.findings()) {
      text.append("  ").append(word(finding)).append(finding).append('\n');
      finding.values().forEach(v -> text.append("    ").append(v).append('\n'));
    }
    s.notes().stream()
        .limit(MOST_NOTES)
        .forEach(n -> text.append("  note: ").append(n).append('\n'));
    if (s.notes().size() > MOST_NOTES) {
      text.append("  note: ").append(s.notes().size() - MOST_NOTES).append(" more\n");
    }
    text.append("  ").append(totals(s)).append('\n');
    text.append("  ").append(verdict(s)).append('\n');
  }

  private static String word(Finding finding) {
    return finding.kind().verdict() == Verdict.WRONG ? "WRONG: " : "unproven: ";
  }

  private static String totals(StreamReport s) {
    List<String> parts = new ArrayList<>();
    parts.add(count(s.rows(), "rows"));
    addIfAny(parts, s.deadLetters(), "dead letters");
    addIfAny(parts, s.redriven(), "of them redriven");
    addIfAny(parts, s.discarded(), "of them discarded");
    addIfAny(parts, s.filtered(), "filtered by the ledger");
    addIfAny(parts, s.acceptedLoss(), "offsets accepted as lost");
    boolean heard = s.behind() >= 0;
    if (heard) {
      parts.add(count(s.delivered(), "records delivered by Kafka"));
      parts.add(count(s.nulls(), "null values"));
    }
    parts.add(count(s.lost(), "lost"));
    addIfAny(parts, s.deleted(), "deleted by others");
    parts.add(count(s.duplicated(), "duplicated"));
    addIfAny(parts, s.unexplained(), "unexplained");
    addIfAny(parts, s.compactedSince(), "compacted since");
    addIfAny(
        parts,
        s.uncheckable(),
        heard ? "no longer checkable against Kafka" : "not compared with Kafka");
    addIfAny(parts, s.acknowledged(), "acknowledged");
    addIfAny(parts, s.behind(), "offsets not ingested yet");
    addIfAny(parts, s.valuesCompared(), "rows compared by value");
    parts.add(count(s.partitions().size(), "partitions"));
    parts.add(count(s.ledgerVersions(), "ledger versions"));
    return String.join(", ", parts);
  }

  private static void addIfAny(List<String> parts, long n, String what) {
    if (n > 0) {
      parts.add(count(n, what));
    }
  }

  private static String count(long n, String what) {
    return String.format(Locale.ROOT, "%,d %s", n, what);
  }

  private static String verdict(StreamReport s) {
    String took = String.format(Locale.ROOT, " (%.1f s)", s.millis() / 1e3);
    return switch (s.verdict()) {
          case PROVEN ->
              "proven: every %s%s is in the table%s exactly once%s"
                  .formatted(
                      s.behind() > 0
                          ? "record up to where the ingest has come"
                          : "delivered record",
                      s.sinceVersion() >= 0 ? " since then" : "",
                      s.deadLetters() > 0 ? " or a dead letter," : "",
                      s.filtered() > 0 ? ", but for as many as the sql filtered out" : "");
          case UNREACHABLE -> "not proven: Kafka or the registry did not answer; the rest holds";
          case NOT_PROVABLE -> "not provable";
          case WRONG -> "NOT TRUE: see above";
        }
        + took;
  }
}
