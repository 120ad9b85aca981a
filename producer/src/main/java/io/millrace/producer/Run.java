package io.millrace.producer;

import io.millrace.core.manifest.AckJournal;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.process.ProcessCpu;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.producer.file.DatumEncoder;
import io.millrace.producer.file.RecordFile;
import io.millrace.producer.generate.Draft;
import io.millrace.producer.generate.EventTime;
import io.millrace.producer.generate.KeyText;
import io.millrace.producer.generate.RecordGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;

/** One run of a job: its parts in their order. */
final class Run {
  private final ProduceJob job;
  private final SchemaRegistry registry;
  private final ProduceListener listener;
  private final StopSignal requested;

  /** Stopped by the caller's signal and by failures that end the run. */
  private final StopSignal stop = new StopSignal();

  private final Failures failures = new Failures(stop);
  private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final List<Delivery> deliveries = new ArrayList<>();
  private final KeyText key;
  private final Pace pace;
  private RecordGenerator generator;
  private RecordFile file;
  private DeadLetters deadLetters;

  Run(ProduceJob job, SchemaRegistry registry, ProduceListener listener, StopSignal requested) {
    this.job = job;
    this.registry = registry;
    this.listener = listener;
    this.requested = requested;
    this.key = job.keyField() == null ? null : KeyText.of(job.schema(), job.keyField());
    this.pace = job.rate() == 0 ? null : new Pace(job.rate());
  }

  ProduceResult execute() {
    if (job.manifest() != null) {
      Manifest.file(job.manifest()).requireWritable();
    }
    try (TopicSetup setup = new TopicSetup(job.kafka())) {
      openSource();
      TopicInfo topic =
          setup.prepare(job.topic(), job.createPartitions(), job.replication(), requested);
      String subject = job.subjectNaming().subject(job.topic(), job.schema());
      int schemaId = registry.register(subject, job.schema());
      Optional<AckJournal> journal =
          Optional.ofNullable(job.acknowledged())
              .map(
                  path ->
                      AckJournal.create(
                          path, topic.name(), topic.id(), topic.partitions(), job.threads()));
      for (int i = 0; i < job.threads(); i++) {
        int writer = i;
        connect(topic, journal.map(j -> j.writer(writer)));
      }
      if (file != null) {
        deadLetters = new DeadLetters(job, setup, producers.get(0), failures, requested);
      }
      listener.ready(topic.name(), topic.partitions(), schemaId);
      return send(topic, schemaId);
    } finally {
      producers.forEach(producer -> producer.close(Duration.ZERO));
      if (file != null) {
        file.close();
      }
    }
  }

  private void openSource() {
    if (job.from() == null) {
      generator = RecordGenerator.compile(job.schema(), job.keyField(), job.hints());
    } else {
      file = RecordFile.open(job.from(), job.schema());
    }
  }

  private void connect(TopicInfo topic, Optional<AckJournal.Writer> journal) {
    KafkaProducer<byte[], byte[]> producer = Connections.open(job.kafka(), topic, requested);
    producers.add(producer);
    deliveries.add(
        new Delivery(
            producer,
            topic.name(),
            topic.partitions(),
            failures,
            job.manifest() != null || job.acknowledged() != null,
            journal));
  }

  private ProduceResult send(TopicInfo topic, int schemaId) {
    Timeline timeline = new Timeline(InstantSource.system(), System::nanoTime);
    long cpuBefore = ProcessCpu.nanos();
    Workers workers = new Workers(stop);
    long total =
        file == null
            ? startGenerators(workers, timeline, topic, schemaId)
            : startFile(workers, timeline, topic, schemaId);
    Reporter reporter = new Reporter(listener, deliveries, failures, deadLetters, timeline, total);
    workers.await(requested, reporter);
    Duration duration = Duration.ofNanos(timeline.elapsedNanos());
    Duration cpu = Duration.ofNanos(ProcessCpu.nanos() - cpuBefore);
    reporter.report();
    Optional<Manifest> manifest = writeManifest(topic);
    workers.rethrow();
    return result(topic, schemaId, timeline, duration, cpu, manifest);
  }

  /** Returns how many records this process is going to send, -1: no limit. */
  private long startGenerators(Workers workers, Timeline timeline, TopicInfo topic, int schemaId) {
    long records = Limits.records(job, pace);
    Plan plan = Plan.ofGenerated(records, job.rate(), topic.partitions(), job.shard());
    Instant start = job.startTime() == null ? timeline.begin() : job.startTime();
    EventTime eventTime = new EventTime(start, job.rate());
    AtomicLong turns = new AtomicLong();
    for (Delivery delivery : deliveries) {
      Draft draft = new Draft(job.seed(), eventTime, schemaId);
      workers.start(
          new GeneratorWorker(generator, draft, key, plan, turns, metronome(timeline), delivery));
    }
    return plan.total();
  }

  private long startFile(Workers workers, Timeline timeline, TopicInfo topic, int schemaId) {
    Plan plan = Plan.ofFile(Limits.records(job, pace), topic.partitions(), job.shard());
    DatumEncoder encoder = new DatumEncoder(job.schema(), schemaId);
    workers.start(
        new FileWorker(
            file,
            encoder,
            key,
            job.keyField(),
            plan,
            metronome(timeline),
            deliveries.get(0),
            deadLetters));
    return -1;
  }

  private Metronome metronome(Timeline timeline) {
    return new Metronome(pace, Limits.endNanos(job), timeline, stop);
  }

  private Optional<Manifest> writeManifest(TopicInfo topic) {
    if (job.manifest() == null) {
      return Optional.empty();
    }
    Manifest manifest =
        Manifest.merge(
            deliveries.stream()
                .map(d -> d.account().toManifest(topic.name(), topic.id()))
                .toList());
    manifest.write(job.manifest());
    return Optional.of(manifest);
  }

  private ProduceResult result(
      TopicInfo topic,
      int schemaId,
      Timeline timeline,
      Duration duration,
      Duration cpu,
      Optional<Manifest> manifest) {
    Instant lastSend =
        deliveries.stream()
            .map(Delivery::lastSend)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null);
    return new ProduceResult(
        topic.name(),
        topic.id(),
        topic.partitions(),
        schemaId,
        deliveries.stream().mapToLong(d -> d.account().total()).sum(),
        deliveries.stream().mapToLong(d -> d.account().bytes()).sum(),
        failures.total(),
        deadLetters == null ? 0 : deadLetters.acknowledged(),
        job.tolerate(),
        failures.list(),
        deliveries.stream().allMatch(Delivery::complete),
        job.endless(),
        failures.unreachable(),
        lastSend == null ? null : timeline.begin(),
        lastSend,
        duration,
        cpu,
        manifest);
  }
}
