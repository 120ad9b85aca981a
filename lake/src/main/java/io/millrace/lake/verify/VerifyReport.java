package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;
import io.millrace.core.json.JsonFile;
import java.nio.file.Path;
import java.util.List;

/**
 * What verify found out. Its JSON form has the components' names as fields; docs/verify.md says
 * what they mean.
 *
 * @param format version of the JSON form, 1
 * @param ok whether all is proven
 * @param verdict the weightiest of the streams' verdicts
 * @param rows rows of all tables
 * @param deadLetters records that are dead letters instead of rows
 * @param lost records delivered by Kafka that are neither in their table nor dead letters
 * @param duplicated rows beyond the first of their offset
 * @param streams in the config's order
 */
public record VerifyReport(
    int format,
    boolean ok,
    Verdict verdict,
    long rows,
    long deadLetters,
    long lost,
    long duplicated,
    List<StreamReport> streams) {
  public static final int FORMAT = 1;

  static VerifyReport of(List<StreamReport> streams) {
    Verdict verdict =
        streams.stream().map(StreamReport::verdict).reduce(Verdict.PROVEN, Verdict::and);
    return new VerifyReport(
        FORMAT,
        verdict == Verdict.PROVEN,
        verdict,
        streams.stream().mapToLong(StreamReport::rows).sum(),
        streams.stream().mapToLong(StreamReport::deadLetters).sum(),
        streams.stream().mapToLong(StreamReport::lost).sum(),
        streams.stream().mapToLong(StreamReport::duplicated).sum(),
        List.copyOf(streams));
  }

  /** What the command exits with. */
  public ExitCode exitCode() {
    return verdict.exitCode();
  }

  /** Writes the stable JSON form. */
  public void write(Path file) {
    JsonFile.report(file).write(this);
  }

  /** The form for people: a line for each thing that is wrong, then totals. Ends with a newline. */
  public String toText() {
    return ReportText.of(this);
  }
}
