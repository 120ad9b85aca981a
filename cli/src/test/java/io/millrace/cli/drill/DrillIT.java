package io.millrace.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import io.millrace.embedded.testing.PythonEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill as users run it, counted by delta-rs as well. */
class DrillIT {
  @TempDir Path directory;

  @Test
  void twentyKillsLoseAndDoubleNothing() throws Exception {
    JsonNode report = drill("--kills", "20", "--faults", "stall,twin", "--seed", "3");

    assertThat(report.at("/ok").asBoolean()).isTrue();
    assertThat(report.at("/kills/ingest").asInt()).isEqualTo(12);
    assertThat(report.at("/kills/broker").asInt()).isEqualTo(4);
    assertThat(report.at("/kills/producer").asInt()).isEqualTo(4);
    assertThat(report.at("/steps")).hasSize(24);
    assertThat(phase(report, "between file and Delta commit")).isGreaterThanOrEqualTo(12 / 5);
    assertThat(phase(report, "between Delta's and Spark's commit")).isGreaterThanOrEqualTo(2);
    assertThat(phase(report, "dead-letter roll-forward")).isPositive();
    assertThat(phase(report, "DDL")).isPositive();
    for (JsonNode step : report.at("/steps")) {
      assertThat(step.at("/lost").asLong()).isZero();
      assertThat(step.at("/duplicated").asLong()).isZero();
      assertThat(step.at("/failure").isNull()).as(step.toString()).isTrue();
      assertThat(step.at("/recoveredMillis").asLong()).isNotNegative();
    }
    JsonNode audit = report.at("/audit");
    assertThat(audit.at("/verdict").asText()).isEqualTo("PROVEN");
    assertThat(audit.at("/deadLetters").asLong()).isPositive();
    assertThat(audit.at("/independent/hash")).isEqualTo(audit.at("/independent/recordsHash"));
    assertThat(audit.at("/acknowledged").asLong()).isGreaterThan(10_000);
    assertThat(audit.at("/acknowledgedMissing").asLong(-1)).isZero();
    assertDeltaRsAgrees(audit.at("/independent"));
    assertThat(Files.readString(directory.resolve("drill.md")))
        .contains("# Drill, seed 3", "PASSED");
  }

  /** Those that are not among the kills above. */
  @Test
  void eachFaultAndEachPhaseThatIsAskedForIsHitAndLeavesNoTrace() throws Exception {
    List<String> faults =
        List.of("slow", "reset", "registry", "full", "readonly", "slowdisk", "unknown", "clock");
    JsonNode report =
        drill("--kills=0", "--at=planned,fetched,idle", "--faults=" + String.join(",", faults));

    assertThat(report.at("/ok").asBoolean()).as(report.toPrettyString()).isTrue();
    assertThat(report.at("/steps")).hasSize(3 + faults.size());
    for (String phase : List.of("fetch", "write", "idle")) {
      assertThat(phase(report, phase)).as(phase).isEqualTo(1);
    }
    for (JsonNode step : report.at("/steps")) {
      if (step.at("/victim").isNull() && !step.at("/fault").asText().equals("clock jumps")) {
        assertThat(step.at("/note").asText()).matches("struck [1-9]\\d* times");
      }
    }
    assertThat(report.at("/audit/verdict").asText()).isEqualTo("PROVEN");
    assertThat(report.at("/recovery/faults").size()).isEqualTo(faults.size());
  }

  @Test
  void aDirectoryThatIsNotEmptyIsLeftAlone() throws Exception {
    Path mine =
        Files.writeString(Files.createDirectory(directory.resolve("drill")).resolve("f"), "x");
    Path log = directory.resolve("log");
    try (ChildCommand drill =
        ChildCommand.start(
            "drill", "512m", log, List.of("drill", "--dir", mine.getParent().toString()))) {
      drill.await();

      assertThat(drill.exitCode()).isEqualTo(ExitCode.USAGE.code());
      assertThat(Files.readString(log)).contains("it is not empty");
      assertThat(mine).hasContent("x");
    }
  }

  private static int phase(JsonNode report, String name) {
    return report.at("/phases").path(name).asInt();
  }

  private JsonNode drill(String... options) throws Exception {
    Path report = directory.resolve("drill.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "drill",
                "--dir",
                directory.resolve("drill").toString(),
                "--rate",
                "10000",
                "--report",
                report.toString(),
                "--markdown",
                directory.resolve("drill.md").toString()));
    arguments.addAll(List.of(options));
    Path log = directory.resolve("log");
    try (ChildCommand drill = ChildCommand.start("drill", "1g", log, arguments)) {
      drill.await();
      assertThat(drill.exitCode()).as(Files.readString(log)).isZero();
    }
    return new ObjectMapper().readTree(report.toFile());
  }

  private void assertDeltaRsAgrees(JsonNode independent) throws Exception {
    PythonEnvironment python = PythonEnvironment.with("deltalake==1.6.6", "pyarrow==23.0.0");
    PythonEnvironment.Result counted =
        python.run(
            Path.of("src", "test", "resources", "drill.py").toAbsolutePath(),
            directory.resolve("drill/lake/bronze/user_events").toString());
    assertThat(counted.exitCode()).as(counted.output()).isZero();
    String records = independent.at("/records").asText();
    assertThat(counted.output().strip())
        .isEqualTo(records + " " + records + " " + independent.at("/recordsHash").asText());
  }
}
