package io.millrace.producer;

import io.millrace.core.manifest.Manifest;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.producer.generate.Draft;
import io.millrace.producer.generate.EventTime;
import io.millrace.producer.generate.KeyText;
import io.millrace.producer.generate.RecordGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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

  Run(ProduceJob job, SchemaRegistry registry, ProduceListener listener, StopSignal requested) {
    this.job = job;
    this.registry = registry;
    this.listener = listener;
    this.requested = requested;
  }

  ProduceResult execute() {
    RecordGenerator generator = RecordGenerator.compile(job.schema(), job.keyField(), job.hints());
    KeyText key = job.keyField() == null ? null : KeyText.of(job.schema(), job.keyField());
    try (TopicSetup setup = new TopicSetup(job.kafka())) {
      TopicInfo topic =
          setup.prepare(job.topic(), job.createPartitions(), job.replication(), requested);
      int schemaId =
          registry.register(job.subjectNaming().subject(job.topic(), job.schema()), job.schema());
      for (int i = 0; i < job.threads(); i++) {
        connect(topic);
      }
      listener.ready(topic.name(), topic.partitions(), schemaId);
      return send(topic, schemaId, generator, key);
    } finally {
      producers.forEach(producer -> producer.close(Duration.ZERO));
    }
  }

  private void connect(TopicInfo topic) {
    KafkaProducer<byte[], byte[]> producer = Connections.open(job.kafka(), topic, requested);
    producers.add(producer);
    deliveries.add(
        new Delivery(producer, topic.name(), topic.partitions(), failures, job.manifest() != null));
  }

  private ProduceResult send(
      TopicInfo topic, int schemaId, RecordGenerator generator, KeyText key) {
    Pace pace = job.rate() == 0 ? null : new Pace(job.rate());
    Plan plan = new Plan(Limits.records(job, pace), job.rate(), topic.partitions(), job.shard());
    Timeline timeline = new Timeline(InstantSource.system(), System::nanoTime);
    Duration cpuBefore = cpu();
    Instant start = job.startTime() == null ? timeline.begin() : job.startTime();
    EventTime eventTime = new EventTime(start, job.rate());
    AtomicLong turns = new AtomicLong();
    Workers workers = new Workers(stop);
    for (Delivery delivery : deliveries) {
      Metronome metronome = new Metronome(pace, Limits.endNanos(job), timeline, stop);
      Draft draft = new Draft(job.seed(), eventTime, schemaId);
      workers.start(
          new GeneratorWorker(
              generator, draft, key, plan, turns, metronome, delivery, topic.partitions()));
    }
    Reporter reporter = new Reporter(listener, deliveries, failures, timeline, plan.total());
    workers.await(requested, reporter);
    Duration cpu = cpu().minus(cpuBefore);
    reporter.report();
    return result(topic, schemaId, timeline, cpu);
  }

  private ProduceResult result(TopicInfo topic, int schemaId, Timeline timeline, Duration cpu) {
    Optional<Manifest> manifest = Optional.empty();
    if (job.manifest() != null) {
      manifest =
          Optional.of(
              Manifest.merge(
                  deliveries.stream()
                      .map(d -> d.account().toManifest(topic.name(), topic.id()))
                      .toList()));
      manifest.get().write(job.manifest());
    }
    long acknowledged = deliveries.stream().mapToLong(d -> d.account().total()).sum();
    return new ProduceResult(
        topic.name(),
        topic.id(),
        topic.partitions(),
        schemaId,
        acknowledged,
        deliveries.stream().mapToLong(d -> d.account().bytes()).sum(),
        failures.total(),
        0,
        job.tolerate(),
        failures.list(),
        !stop.isStopped(),
        job.endless(),
        failures.unreachable(),
        timeline.begin(),
        timeline.now(),
        Duration.ofNanos(timeline.elapsedNanos()),
        cpu,
        manifest);
  }

  private static Duration cpu() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
