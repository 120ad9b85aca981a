package io.millrace.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.JsonFile;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the verify process said.
 *
 * @param rows of the table
 * @param version of the table that was checked
 * @param took from the process's start to its end
 */
record VerifyOutcome(
    boolean ok, long rows, long lost, long duplicated, long version, int exitCode, Duration took) {

  static VerifyOutcome read(Path report, int exitCode, Duration took) {
    JsonNode json = JsonFile.read(report, JsonNode.class);
    return new VerifyOutcome(
        json.path("ok").asBoolean() && exitCode == 0,
        json.path("rows").asLong(-1),
        json.path("lost").asLong(-1),
        json.path("duplicated").asLong(-1),
        json.path("streams").path(0).path("version").asLong(-1),
        exitCode,
        took);
  }
}
