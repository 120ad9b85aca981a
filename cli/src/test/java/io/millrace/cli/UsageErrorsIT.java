package io.millrace.cli;

import static io.millrace.cli.CliRun.assertOneLine;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees where options, config, files or the machine are wrong; no broker runs. */
class UsageErrorsIT {
  @TempDir private static Path directory;
  private static Path config;

  @BeforeAll
  static void writeConfig() throws IOException {
    config = Files.createDirectory(directory.resolve("config")).resolve("millrace.yaml");
    Files.writeString(
        config,
        """
        kafka:
          bootstrap.servers: 127.0.0.1:1
        registry:
          url: http://127.0.0.1:1
        streams:
          s: {topic: not-there, table: lake/t}
        """);
  }

  private static CliRun run(String... arguments) throws Exception {
    return CliRun.in(directory, arguments);
  }

  @Test
  void optionsThatCannotBeUsed() throws Exception {
    String nowhere = directory.resolve("nowhere").resolve("report.json").toString();
    String[][] commands = {
      {"up", "--broker-port", "70000"},
      {"up", "--dir", ""},
      {"demo", "--dir", directory.resolve("unused").toString(), "--heap", "64m"},
      {"demo", "--dir", directory.resolve("unused").toString(), "--heap", "524287k"},
      {"produce", "-c", config.toString(), "--report", nowhere},
      {"produce", "-c", config.toString(), "--manifest", nowhere},
      {"ingest", "-c", config.toString(), "--once", "--report", nowhere},
      {"produce", "-c", config.toString(), "--topic", "t", "--tolerate", "-1"},
      {"verify", "-c", config.toString(), "--report", nowhere},
      {"demo", "--dir", directory.resolve("unused").toString(), "--report", nowhere}
    };
    for (String[] command : commands) {
      assertOneLine(run(command), ExitCode.USAGE, command[command.length - 1]);
    }
    assertThat(directory.resolve("unused")).doesNotExist();
  }

  @Test
  void wrongSchemaFile() throws Exception {
    Path schema = Files.writeString(directory.resolve("wrong.avsc"), "{\"type\": \"record\"}");

    assertOneLine(
        run("produce", "-c", config.toString(), "--schema", schema.toString(), "--records", "1"),
        ExitCode.USAGE,
        "wrong.avsc",
        "name");
    assertOneLine(
        run("produce", "-c", config.toString(), "--schema", "none.avsc", "--records", "1"),
        ExitCode.USAGE,
        "none.avsc");
  }

  @Test
  void unwritableDirectory() throws Exception {
    // Also a superuser can't make a directory below a file.
    Path file = Files.writeString(directory.resolve("file"), "x");

    assertOneLine(
        run("up", "--dir", file.resolve("sub").toString()),
        ExitCode.UNREACHABLE,
        file.resolve("sub").toString());
    assertOneLine(
        run("demo", "--records", "1", "--dir", file.resolve("sub").toString()),
        ExitCode.UNREACHABLE,
        file.resolve("sub").toString());
  }

  @Test
  void portInUse() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();

      CliRun run =
          run(
              "up",
              "--dir",
              directory.resolve("other").toString(),
              "--broker-port",
              Integer.toString(port));

      assertOneLine(run, ExitCode.UNREACHABLE, Integer.toString(port));
    }
  }

  @Test
  void notEnoughDisk() throws Exception {
    Path demo = directory.resolve("demo");

    CliRun run = run("demo", "--records", "9_000_000_000_000_000_000", "--dir", demo.toString());

    assertOneLine(run, ExitCode.UNREACHABLE, "disk space", "--records");
    assertThat(demo).doesNotExist();
  }

  @Test
  void wrongUsage() throws Exception {
    assertOneLine(run("produce", "--recrods", "1"), ExitCode.USAGE, "--records", "--help");
    assertOneLine(run("ingset"), ExitCode.USAGE, "ingest");
    assertOneLine(run("produce", "--records", "many"), ExitCode.USAGE, "many", "whole number");
    assertOneLine(run("verify"), ExitCode.USAGE, "millrace.yaml", "no such file");
  }

  @Test
  void aConfigWithSeveralErrorsListsThemBelowTheLine() throws Exception {
    Path wrong = Files.writeString(directory.resolve("wrong.yaml"), "kafkas: {}\nstreams: 3\n");

    CliRun run = run("config", "check", wrong.toString());

    assertOneLine(run, ExitCode.USAGE, "wrong.yaml", "4 errors");
    assertThat(run.err())
        .contains("\n  line 1: kafkas: unknown key; did you mean kafka?\n")
        .contains("\n  registry.url: is missing");
  }

  @Test
  void verboseShowsTheStack() throws Exception {
    CliRun run = run("--verbose", "verify", "-c", "none.yaml");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(run.err()).contains("\tat io.millrace.");
  }

  @Test
  void configCheckPrintsTheEffectiveConfigWithoutSecrets() throws Exception {
    CliRun run =
        run("config", "check", config.toString(), "--set", "kafka.ssl.key.password=hunter2");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("bootstrap.servers: 127.0.0.1:1")
        .contains("ssl.key.password: '****'")
        .contains("triggerInterval: 1s")
        .doesNotContain("hunter2");
    assertThat(run.err()).isEmpty();
  }
}
