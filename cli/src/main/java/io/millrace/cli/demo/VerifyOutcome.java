package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.json.JsonFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the verify process said.
 *
 * @param rows of the table
 * @param version of the table that was checked
 * @param findings what it found, as it tells them
 * @param took from the process's start to its end
 */
record VerifyOutcome(
    boolean ok,
    long rows,
    long lost,
    long duplicated,
    long version,
    int exitCode,
    List<String> findings,
    Duration took) {
  private static final int TOLD = 3;

  static VerifyOutcome read(Path report, int exitCode, Duration took) {
    JsonNode json = JsonFile.report(report).read(JsonNode.class);
    return new VerifyOutcome(
        json.path("ok").asBoolean() && exitCode == 0,
        json.path("rows").asLong(-1),
        json.path("lost").asLong(-1),
        json.path("duplicated").asLong(-1),
        json.path("streams").path(0).path("version").asLong(-1),
        exitCode,
        findings(json),
        took);
  }

  private static List<String> findings(JsonNode json) {
    List<String> findings = new ArrayList<>();
    for (JsonNode stream : json.path("streams")) {
      for (JsonNode finding : stream.path("findings")) {
        int partition = finding.path("partition").asInt(-1);
        findings.add(
            (partition < 0 ? "" : "partition " + partition + ": ") + finding.path("text").asText());
      }
    }
    return findings;
  }

  /** The first findings in one line. */
  String inShort() {
    int more = findings.size() - TOLD;
    return String.join("; ", findings.subList(0, Math.min(TOLD, findings.size())))
        + (more > 0 ? "; and " + more + " more" : "");
  }
}
