package io.millrace.cli.demo;

import io.millrace.cli.ChildCommand;
import io.millrace.cli.CommitFollower;
import io.millrace.cli.ProduceReport;
import io.millrace.cli.StackConfigFile;
import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.process.LockFile;
import io.millrace.core.process.ProcessCpu;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.IngestResult;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.producer.Schemas;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.Schema;

/** Runs the whole chain once over a directory. */
final class Demo {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final String SCHEMA = "user_event";

  private final DemoOptions options;
  private final Phases phases;
  private final DemoFiles files;

  Demo(DemoOptions options, Phases phases) {
    this.options = options;
    this.phases = phases;
    this.files = new DemoFiles(options.directory());
  }

  ExitCode run(PrintWriter out) throws IOException, InterruptedException, ExecutionException {
    DiskSpace.require(
        options.directory(), DiskSpace.needed(options.records(), options.partitions()));
    try (LockFile onlyOne = files.lock()) {
      return runAlone(out);
    }
  }

  private ExitCode runAlone(PrintWriter out)
      throws IOException, InterruptedException, ExecutionException {
    phases.tell("starting a Kafka broker and a schema registry in %s", options.directory());
    try (DemoStack stack = DemoStack.open(options.directory())) {
      phases.tell(
          "broker %s, registry %s%s",
          stack.bootstrapServers(),
          stack.registryUrl(),
          stack.wasRunning() ? " (running already)" : "");
      files.prepare();
      StackConfigFile.write(options.directory(), stack.bootstrapServers(), stack.registryUrl());
      MillraceConfig config = ConfigLoader.load(files.config()).config();
      StreamConfig stream = stream(config);
      int partitions = prepareTopic(config, stream);
      DemoMeasures measures = chain(stack, config, stream);
      DemoReport report = measures.report(options, partitions, phases.commandStart(), stream);
      new Summary(out).print(report, options.directory());
      if (options.report() != null) {
        JsonFile.report(options.report()).write(report);
      }
      return measures.exitCode();
    }
  }

  private StreamConfig stream(MillraceConfig config) {
    StreamConfig stream = config.streams().get(StackConfigFile.STREAM);
    if (stream == null || !stream.table().startsWith("/")) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The demo can't use " + files.config(),
          stream == null
              ? "it has no stream " + StackConfigFile.STREAM
              : "the table " + stream.table() + " is not on a local disk",
          "Give the demo a --dir of its own");
    }
    return stream;
  }

  private int prepareTopic(MillraceConfig config, StreamConfig stream)
      throws ExecutionException, InterruptedException {
    int partitions =
        DemoTopic.ensure(config.kafkaFor(stream), stream.topic(), options.partitions());
    Schema schema = Schemas.load(SCHEMA);
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      int id = registry.register(stream.subject(), schema);
      phases.tell(
          "topic %s with %d partitions; schema %s has id %d",
          stream.topic(), partitions, schema.getFullName(), id);
    }
    return partitions;
  }

  private DemoMeasures chain(DemoStack stack, MillraceConfig config, StreamConfig stream)
      throws IOException, InterruptedException {
    CommitFollower commits = new CommitFollower(Path.of(stream.table()), stream.name());
    Duration brokerBefore = ProcessCpu.of(stack.brokerPid());
    phases.tell("starting the ingest, heap %s", options.heap());
    try (ChildCommand ingest = startIngest()) {
      awaitStream(ingest, commits);
      phases.tell("the ingest is ready; producing %,d records", options.records());
      try (ChildCommand producer = startProducer()) {
        awaitProducer(producer, ingest, commits);
      }
      ProduceReport produced = JsonFile.report(files.produceReport()).read(ProduceReport.class);
      phases.tell(
          "produced: %,d acknowledged, %,d failed", produced.acknowledged(), produced.failed());
      awaitCaughtUp(ingest, commits, Manifest.read(files.manifest()));
      Duration brokerAfter = ProcessCpu.of(stack.brokerPid());
      phases.tell("all that was acknowledged is in the table; ending the ingest");
      ingest.stop();
      ingest.requireSuccess();
      phases.tell("verifying: reading topic and table again");
      VerifyOutcome verified = verify(stream);
      phases.tell(
          "%s",
          verified.ok()
              ? "verified"
              : "NOT verified: " + verified.inShort() + ". All of it: " + files.log("verify"));
      return new DemoMeasures(
          produced,
          JsonFile.report(files.ingestReport()).read(IngestResult.class),
          verified,
          commits,
          brokerAfter.minus(brokerBefore),
          DiskSpace.used(options.directory().resolve("kafka")),
          DiskSpace.used(Path.of(stream.table())));
    }
  }

  private ChildCommand startIngest() {
    return ChildCommand.start(
        "ingest",
        options.heap(),
        files.log("ingest"),
        List.of(
            "ingest",
            "-c",
            files.config().toString(),
            "--stream",
            StackConfigFile.STREAM,
            "--first-batch-records",
            Long.toString(options.firstBatchRecords()),
            "--report",
            files.ingestReport().toString()));
  }

  /** Returns once the new process has taken the stream over, which it does by a commit. */
  private void awaitStream(ChildCommand ingest, CommitFollower commits)
      throws IOException, InterruptedException {
    String owner = ingest.pid() + "@";
    while (commits.ledger().filter(ledger -> ledger.owner().startsWith(owner)).isEmpty()) {
      ingest.requireAlive();
      ingest.await(POLL);
      commits.poll();
    }
  }

  private ChildCommand startProducer() {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "produce",
                "-c",
                files.config().toString(),
                "--topic",
                StackConfigFile.STREAM,
                "--schema",
                SCHEMA,
                "--records",
                Long.toString(options.records()),
                "--rate",
                Long.toString(options.rate()),
                "--seed",
                Long.toString(options.seed()),
                "--manifest",
                files.manifest().toString(),
                "--report",
                files.produceReport().toString()));
    if (options.keyed()) {
      arguments.addAll(List.of("--key", "user_id"));
    }
    return ChildCommand.start("producer", "512m", files.log("produce"), arguments);
  }

  private void awaitProducer(ChildCommand producer, ChildCommand ingest, CommitFollower commits)
      throws IOException, InterruptedException {
    boolean first = true;
    while (!producer.await(POLL)) {
      ingest.requireAlive();
      first = follow(commits, first);
    }
    // A producer some of whose records failed has a report all the same, which says so.
    if (!Files.exists(files.produceReport())) {
      throw producer.failure();
    }
  }

  private boolean follow(CommitFollower commits, boolean first) throws IOException {
    commits.poll();
    if (first && !commits.commits().isEmpty()) {
      phases.tell("first commit: %,d records can be read", commits.rows());
      return false;
    }
    phases.progress("%,d records in the table", commits.rows());
    return first;
  }

  private void awaitCaughtUp(ChildCommand ingest, CommitFollower commits, Manifest manifest)
      throws IOException, InterruptedException {
    boolean first = commits.commits().isEmpty();
    while (!hasAll(commits.ledger(), manifest)) {
      ingest.requireAlive();
      ingest.await(POLL);
      first = follow(commits, first);
    }
  }

  private static boolean hasAll(Optional<Ledger> ledger, Manifest manifest) {
    for (Manifest.Entry entry : manifest.partitions()) {
      PartitionEntry taken =
          ledger.map(known -> known.partitions().get(entry.partition())).orElse(null);
      if (entry.acknowledged() > 0 && (taken == null || taken.next() <= entry.lastOffset())) {
        return false;
      }
    }
    return true;
  }

  private VerifyOutcome verify(StreamConfig stream) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "verify",
                "-c",
                files.config().toString(),
                "--stream",
                stream.name(),
                "--report",
                files.verifyReport().toString()));
    for (Path manifest : files.allManifests()) {
      arguments.addAll(List.of("--manifest", manifest.toString()));
    }
    long start = System.nanoTime();
    try (ChildCommand verify = ChildCommand.start("verify", "1g", files.log("verify"), arguments)) {
      while (!verify.await(Duration.ofSeconds(1))) {
        phases.progress("verifying");
      }
      if (!Files.exists(files.verifyReport())) {
        throw verify.failure();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return VerifyOutcome.read(files.verifyReport(), verify.exitCode(), took);
    }
  }
}
