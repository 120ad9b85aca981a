package io.millrace.lake.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
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
 * @param lost records delivered by Kafka that are not in their table
 * @param duplicated rows beyond the first of their offset
 * @param streams in the config's order
 */
public record VerifyReport(
    int format,
    boolean ok,
    Verdict verdict,
    long rows,
    long lost,
    long duplicated,
    List<StreamReport> streams) {
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static VerifyReport of(List<StreamReport> streams) {
    Verdict verdict =
        streams.stream().map(StreamReport::verdict).reduce(Verdict.PROVEN, Verdict::and);
    return new VerifyReport(
        FORMAT,
        verdict == Verdict.PROVEN,
        verdict,
        streams.stream().mapToLong(StreamReport::rows).sum(),
        streams.stream().mapToLong(StreamReport::lost).sum(),
        streams.stream().mapToLong(StreamReport::duplicated).sum(),
        List.copyOf(streams));
  }

  /** What the command exits with. */
  public ExitCode exitCode() {
    return verdict.exitCode();
  }

  /** The stable JSON form. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the JSON form. */
  public void write(Path file) {
    try {
      Files.writeString(file, toJson() + "\n");
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The report " + file + " can't be written",
          String.valueOf(e),
          "Give a path in a directory that exists and can be written to",
          e);
    }
  }

  /** The form for people: a line for each thing that is wrong, then totals. Ends with a newline. */
  public String toText() {
    return ReportText.of(this);
  }
}
