package io.millrace.cli.drill;

import io.millrace.cli.ChildCommand;
import io.millrace.cli.CommitFollower;
import io.millrace.cli.StackConfigFile;
import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.fault.CrashFile;
import io.millrace.core.fault.CrashPoints;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.fault.StorageFaults;
import io.millrace.producer.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The system that a drill breaks: a broker, a registry, an ingest and a producer, each a process of
 * its own but for the registry, over one directory. One thread.
 */
final class DrillSystem implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(10);

  private static final String SCHEMA = "user_event";

  private final DrillOptions options;
  private final DrillNetwork network;
  private final LocalStack stack;
  private final ChildConfig children;
  private final StorageFaults storage;
  private final MillraceConfig config;
  private final StreamConfig stream;
  private final OddRecords odd;
  private final Flow flow;
  private RunningIngest ingest;
  private ChildCommand producer;
  private int ingests;
  private int producers;

  private DrillSystem(DrillOptions options, DrillNetwork network, LocalStack stack)
      throws IOException {
    this.options = options;
    this.network = network;
    this.stack = stack;
    StackConfigFile.write(options.directory(), stack.bootstrapServers(), stack.registryUrl());
    this.children = ChildConfig.write(options, network, stack);
    this.storage = StorageFaults.open(children.storageFaults());
    this.config = ConfigLoader.load(StackConfigFile.in(options.directory())).config();
    this.stream = config.streams().get(StackConfigFile.STREAM);
    stack.createTopic(stream.topic(), options.partitions());
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      registry.register(stream.subject(), Schemas.load(SCHEMA));
    }
    this.odd =
        new OddRecords(config, stream, Schemas.load(SCHEMA), options.partitions(), options.seed());
    this.flow = new Flow(this, new CommitFollower(table(), stream.name()));
  }

  /**
   * Starts broker and registry, and makes the topic.
   *
   * @throws MillraceException {@code USAGE} where the directory has something in it
   */
  static DrillSystem start(DrillOptions options) throws IOException {
    requireEmpty(options.directory());
    Files.createDirectories(options.directory().resolve("logs"));
    DrillNetwork network = DrillNetwork.open();
    try {
      LocalStack stack = network.start(options);
      try {
        return new DrillSystem(options, network, stack);
      } catch (IOException | RuntimeException e) {
        stack.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static void requireEmpty(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        throw new MillraceException(
            ExitCode.USAGE,
            "A drill can't use the directory " + directory,
            "it is not empty, and a drill breaks things",
            "Name another one with --dir, or remove it");
      }
    }
  }

  MillraceConfig config() {
    return config;
  }

  StreamConfig stream() {
    return stream;
  }

  Path table() {
    return Path.of(stream.table());
  }

  OddRecords odd() {
    return odd;
  }

  Flow flow() {
    return flow;
  }

  DrillNetwork network() {
    return network;
  }

  /** Ingest's. */
  StorageFaults storage() {
    return storage;
  }

  /** The one that was started last. */
  RunningIngest ingest() {
    return ingest;
  }

  /** Of the ingest that was started last. */
  CrashFile crashes() {
    return ingest.crashes();
  }

  void startIngest() throws IOException {
    ingests++;
    Path crashFile = options.directory().resolve("crashpoints-%03d".formatted(ingests));
    CrashFile crashes = CrashFile.open(crashFile);
    ChildCommand process =
        ChildCommand.start(
            "ingest",
            "1g",
            log("ingest", ingests),
            List.of(
                "-D" + CrashPoints.PROPERTY + "=" + crashFile,
                "-D" + StorageFaults.PROPERTY + "=" + children.storageFaults()),
            List.of("ingest", "-c", children.file().toString(), "--trigger-interval", "200ms"));
    ingest = new RunningIngest(process, crashes);
  }

  /** Returns when it sends: before that, it would give up where the broker is away. */
  void startProducer() throws InterruptedException {
    producers++;
    producer =
        ChildCommand.start(
            "producer",
            "256m",
            log("produce", producers),
            List.of(
                "produce",
                "-c",
                children.file().toString(),
                "--topic",
                stream.topic(),
                "--schema",
                SCHEMA,
                "--rate",
                Long.toString(options.rate()),
                "--seed",
                Long.toString(options.seed() + producers),
                "--acknowledged",
                account(producers).toString()));
    while (!Files.exists(account(producers))) {
      producer.requireAlive();
      producer.await(POLL);
    }
  }

  private Path account(int producer) {
    return options.directory().resolve("acknowledged-%03d".formatted(producer));
  }

  /** What all who sent records were told, killed producers included; once nobody sends any more. */
  List<Manifest> accounts() {
    List<Path> files = IntStream.rangeClosed(1, producers).mapToObj(this::account).toList();
    List<Manifest> all = new ArrayList<>(Manifest.readAll(files));
    all.addAll(odd.accounts(all.get(0).topicId()));
    return all;
  }

  private Path log(String name, int number) {
    return options.directory().resolve("logs").resolve("%s-%03d.log".formatted(name, number));
  }

  void killIngest() throws InterruptedException {
    ingest.process().kill();
  }

  void stopIngest() throws InterruptedException {
    ingest.process().stop();
    ingest.process().requireSuccess();
  }

  boolean ingestHasEnded() throws InterruptedException {
    return ingest.process().await(Duration.ZERO);
  }

  void killProducer() throws InterruptedException {
    producer.kill();
  }

  void stopProducer() throws InterruptedException {
    producer.stop();
  }

  void killBroker() {
    stack.killBroker();
  }

  /** Returns when it answers. */
  void startBroker() {
    stack.startBroker();
  }

  /** The broker's process neither runs nor ends, until it is continued. */
  void stallBroker() throws IOException, InterruptedException {
    Signal.STOP.to(stack.brokerPid());
  }

  void continueBroker() throws IOException, InterruptedException {
    Signal.CONT.to(stack.brokerPid());
  }

  /** Nothing is sent until it is resumed. */
  void pauseLoad() throws IOException, InterruptedException {
    odd.pause(true);
    Signal.STOP.to(producer.pid());
  }

  void resumeLoad() throws IOException, InterruptedException {
    Signal.CONT.to(producer.pid());
    odd.pause(false);
  }

  /** Neither ingest nor producer has ended by itself. */
  void requireAlive() {
    ingest.process().requireAlive();
    producer.requireAlive();
  }

  @Override
  public void close() {
    odd.close();
    if (producer != null) {
      producer.close();
    }
    if (ingest != null) {
      ingest.process().close();
    }
    stack.close();
    network.close();
  }
}
