package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs one after the other, as the README's reader types them. */
class StackChainIT {
  private static final String RECORDS = "2000";

  @TempDir private Path directory;

  private CliRun run(String... arguments) throws Exception {
    return CliRun.in(directory, arguments);
  }

  private static void assertOk(CliRun run) {
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    assertThat(run.errors()).isEmpty();
  }

  @AfterEach
  void down() throws Exception {
    run("down");
  }

  @Test
  void upProduceIngestVerifyStatusDown() throws Exception {
    CliRun up = run("up");
    assertOk(up);
    Path config = directory.toRealPath().resolve("data").resolve("millrace.yaml");
    assertThat(up.out()).contains("broker").contains("registry").contains(config + " (written)");

    String file = "data/millrace.yaml";
    assertOk(
        run(
            "produce",
            "-c",
            file,
            "--records",
            RECORDS,
            "--create",
            "4",
            "--manifest",
            "m.json",
            "--report",
            "p.json"));
    assertOk(run("ingest", "-c", file, "--once", "--report", "i.json"));
    CliRun verify = run("verify", "-c", file, "--manifest", "m.json", "--report", "v.json");
    assertOk(verify);

    JsonNode produced = json("p.json");
    assertThat(produced.at("/acknowledged").asText()).isEqualTo(RECORDS);
    assertThat(produced.at("/cpuNanosAtEnd").asLong()).isPositive();
    assertThat(json("i.json").at("/streams/0/records").asText()).isEqualTo(RECORDS);
    JsonNode verified = json("v.json");
    assertThat(verified.at("/ok").asBoolean()).isTrue();
    assertThat(verified.at("/rows").asText()).isEqualTo(RECORDS);

    CliRun since = run("verify", "-c", file, "--since", "1", "--report", "s.json");
    assertOk(since);
    assertThat(since.out()).contains(", what came since version 1", "delivered record since then");
    assertThat(json("s.json").at("/streams/0/sinceVersion").asInt()).isEqualTo(1);

    // More in the topic than in the table: the manifest says so.
    assertOk(run("produce", "-c", file, "--records", "10", "--manifest", "m2.json"));
    CliRun behind = run("verify", "-c", file, "--manifest", "m.json", "--manifest", "m2.json");
    assertThat(behind.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO.code());

    stopsAfterTheBatchInHandAndGoesOn(file);

    CliRun status = run("status");
    assertOk(status);
    assertThat(status.out()).contains("answers").contains("topics    1");
    CliRun streams = run("status", "-c", file);
    assertOk(streams);
    assertThat(streams.out())
        .contains("stream user-events")
        .contains("state    ended at ")
        .contains("topic    user-events, 0 offsets not in the table");
    assertOk(run("up"));
    assertOk(run("down"));
    assertThat(run("status").exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    CliRun wrong = run("verify", "-c", file, "--set", "kafka.default.api.timeout.ms=3000");
    assertThat(wrong.exitCode())
        .as("less than request.timeout.ms")
        .isEqualTo(ExitCode.USAGE.code());
    CliRun unreachable =
        run(
            "verify",
            "-c",
            file,
            "--set",
            "kafka.default.api.timeout.ms=3000",
            "--set",
            "kafka.request.timeout.ms=2000");
    assertThat(unreachable.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
  }

  /** SIGTERM to a real process that has 500 batches to do. */
  private void stopsAfterTheBatchInHandAndGoesOn(String file) throws Exception {
    assertOk(run("produce", "-c", file, "--records", "500", "--manifest", "m3.json"));
    Path log = directory.resolve("ingest.log");
    List<String> ingest =
        List.of(
            "ingest",
            "-c",
            directory.resolve(file).toString(),
            "--once",
            "--max-records-per-trigger",
            "1");
    try (ChildCommand child = ChildCommand.start("ingest", "1g", log, ingest)) {
      while (!Files.readString(log).contains(" committed ")) {
        child.requireAlive();
        child.await(Duration.ofMillis(20));
      }
      assertThat(run("status", "-c", file).out()).contains("state    running since ");
      child.stop();

      assertThat(child.exitCode()).isEqualTo(ExitCode.INTERRUPTED.code());
      assertThat(Files.readString(log))
          .doesNotContain("\tat ", "BATCH_ID")
          .contains("millrace: The ingest has not drained its topics");
    }
    String[] verify = {
      "verify", "-c", file, "--manifest", "m.json", "--manifest", "m2.json", "--manifest", "m3.json"
    };
    assertThat(run(verify).exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO.code());
    assertOk(run("ingest", "-c", file, "--once"));
    assertOk(run(verify));
  }

  private JsonNode json(String file) throws Exception {
    return new ObjectMapper().readTree(Files.readString(directory.resolve(file)));
  }
}
