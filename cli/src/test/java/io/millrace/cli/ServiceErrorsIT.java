package io.millrace.cli;

import static io.millrace.cli.CliRun.assertOneLine;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import io.millrace.embedded.LocalStack;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user sees where broker, registry or topic are not there, or a command is told to end: one
 * line at most and the documented exit code.
 */
class ServiceErrorsIT {
  @TempDir private static Path directory;
  private static LocalStack stack;
  private static Path config;

  /** A port of this machine where nobody listens. */
  private static int closedPort;

  @BeforeAll
  static void start() throws IOException {
    stack = LocalStack.start(directory.resolve("stack"));
    stack.createTopic("there", 1);
    config = Files.createDirectory(directory.resolve("config")).resolve("millrace.yaml");
    Files.writeString(
        config,
        """
        kafka:
          bootstrap.servers: %s
        registry:
          url: %s
        streams:
          s: {topic: not-there, table: lake/t}
        """
            .formatted(stack.bootstrapServers(), stack.registryUrl()));
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  private static CliRun run(String... arguments) throws Exception {
    return CliRun.in(directory, arguments);
  }

  @Test
  void brokerDownForProduce() throws Exception {
    CliRun run =
        run(
            "produce",
            "-c",
            config.toString(),
            "--bootstrap-servers",
            "127.0.0.1:" + closedPort,
            "--set",
            "kafka.default.api.timeout.ms=3000",
            "--set",
            "kafka.request.timeout.ms=2000",
            "--records",
            "1");

    assertOneLine(run, ExitCode.UNREACHABLE, "127.0.0.1:" + closedPort);
  }

  @Test
  void brokerDownForIngest() throws Exception {
    CliRun run =
        run(
            "ingest",
            "--once",
            "-c",
            config.toString(),
            "--set",
            "streams.s.restartFor=0s",
            "--set",
            "kafka.default.api.timeout.ms=3000",
            "--set",
            "kafka.request.timeout.ms=2000",
            "--bootstrap-servers",
            "127.0.0.1:" + closedPort);

    assertOneLine(run, ExitCode.UNREACHABLE, "127.0.0.1:" + closedPort);
  }

  @Test
  void registryDown() throws Exception {
    CliRun run =
        run(
            "produce",
            "-c",
            config.toString(),
            "--topic",
            "there",
            "--registry-url",
            "http://127.0.0.1:" + closedPort,
            "--records",
            "1");

    assertOneLine(run, ExitCode.UNREACHABLE, "127.0.0.1:" + closedPort);
  }

  @Test
  void unknownTopicForProduce() throws Exception {
    assertOneLine(
        run("produce", "-c", config.toString(), "--records", "1"), ExitCode.USAGE, "not-there");
  }

  @Test
  void unknownTopicForIngest() throws Exception {
    CliRun run = run("ingest", "--once", "-c", config.toString());

    assertOneLine(run, ExitCode.USAGE, "not-there");
    assertThat(run.err().lines().filter(line -> line.contains("not-there")))
        .as("told once, not in the log as well")
        .hasSize(1);
  }

  @Test
  void aSqlThatCantBeUsedSaysWhatToDo() throws Exception {
    run("produce", "-c", config.toString(), "--topic", "sql", "--create", "1", "--records", "1");

    CliRun run =
        run(
            "ingest",
            "--once",
            "-c",
            config.toString(),
            "--set",
            "streams.s.topic=sql",
            "--set",
            "streams.s.sql=SELECT max(user_id) AS last FROM stream");

    assertOneLine(
        run, ExitCode.USAGE, "The sql of stream s can't be used", "aggregate", "at most one row");
  }

  @Test
  void verboseShowsTheStackOfAStreamThatFailed() throws Exception {
    CliRun run = run("ingest", "--once", "--verbose", "-c", config.toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.code());
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("\tat io.millrace.ingest.");
  }

  /** A produce that would take years, once it sends. */
  private static Process sending(String... options) throws Exception {
    Process process =
        CliRun.start(
            List.of(options),
            directory,
            directory.resolve("out"),
            Redirect.PIPE,
            "produce",
            "-c",
            config.toString(),
            "--topic",
            "there",
            "--rate",
            "1",
            "--records",
            "1000000000");
    StringBuilder log = new StringBuilder();
    while (!log.toString().contains("sending")) {
      String line = process.errorReader().readLine();
      assertThat(line).as("it ended: " + log).isNotNull();
      log.append(line);
    }
    return process;
  }

  @Test
  void interruptedBeforeTheWorkWasDone() throws Exception {
    Process process = sending();

    // Not SIGINT: a build started in the background ignores it, and so do its children.
    process.destroy();

    assertThat(process.waitFor(CliRun.LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED.code());
  }

  @Test
  void aCommandsOwnProcessEndsWithIt() throws Exception {
    Process process = sending("-D" + ParentWatch.PROPERTY + "=true");

    // What the operating system does where the parent dies.
    process.getOutputStream().close();

    assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED.code());
  }

  @Test
  void anIngestThatIsToldToEndCommitsTheBatchInHand() throws Exception {
    // Given more records than one batch takes
    Path table = Files.createDirectory(directory.resolve("stopped"));
    Path file =
        Files.writeString(
            directory.resolve("config").resolve("stopped.yaml"),
            Files.readString(config).replace("not-there", "stopped").replace("lake/t", "" + table));
    CliRun produced =
        run(
            "produce",
            "-c",
            file.toString(),
            "--records",
            "400000",
            "--create",
            "2",
            "--manifest",
            "stopped.json");
    assertThat(produced.exitCode()).as(produced.err()).isZero();

    // When it gets SIGTERM with its first data file written, and not committed yet
    Path out = directory.resolve("stopped.out");
    Path err = directory.resolve("stopped.err");
    Process process;
    try (WatchService files = table.getFileSystem().newWatchService()) {
      table.register(files, StandardWatchEventKinds.ENTRY_CREATE);
      process =
          CliRun.start(
              directory,
              out,
              Redirect.to(err.toFile()),
              "ingest",
              "-c",
              file.toString(),
              "--first-batch-records",
              "300000");
      awaitDataFile(files, err);
      process.destroy();
    }
    CliRun stopped = CliRun.ended(process, out, err);

    // Then
    assertThat(stopped.exitCode()).as(stopped.err()).isZero();
    assertThat(stopped.out())
        .as("the batch in hand; the next one, too, where the signal came late")
        .containsPattern("s: [34]00,000 records in (1 batch|2 batches),");
    assertThat(stopped.err())
        .contains("stopping after the batch in hand")
        .doesNotContain("\tat ", "ERROR", "millrace: ");

    // And what was left is taken by the next one
    CliRun rest = run("ingest", "--once", "-c", file.toString());
    assertThat(rest.exitCode()).as(rest.err()).isZero();
    CliRun verify = run("verify", "-c", file.toString(), "--manifest", "stopped.json");
    assertThat(verify.exitCode()).as(verify.out() + verify.err()).isZero();
  }

  private static void awaitDataFile(WatchService files, Path log) throws Exception {
    boolean there = false;
    while (!there) {
      WatchKey key = files.poll(CliRun.LIMIT_SECONDS, TimeUnit.SECONDS);
      assertThat(key).as("no data file: " + Files.readString(log)).isNotNull();
      there =
          key.pollEvents().stream()
              .anyMatch(event -> String.valueOf(event.context()).endsWith(".parquet"));
      key.reset();
    }
  }
}
