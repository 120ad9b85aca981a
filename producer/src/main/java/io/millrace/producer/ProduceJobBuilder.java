package io.millrace.producer;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;

/** Collects a {@link ProduceJob}'s options, whose documentation it shares. */
public final class ProduceJobBuilder {
  private final String topic;
  private final Schema schema;
  private Map<String, String> kafka = Map.of();
  private SubjectNaming subjectNaming = SubjectNaming.TOPIC_NAME;
  private long records = ProduceJob.UNLIMITED;
  private long rate;
  private Duration duration;
  private int threads = 1;
  private String keyField;
  private long seed = 1;
  private Instant startTime;
  private Shard shard = Shard.WHOLE;
  private Path from;
  private long tolerate;
  private String deadLetterTopic;
  private Path manifest;
  private Path acknowledged;
  private int createPartitions;
  private short replication = -1;
  private Map<String, Map<String, Object>> hints = Map.of();

  ProduceJobBuilder(String topic, Schema schema) {
    this.topic = topic;
    this.schema = schema;
  }

  public ProduceJobBuilder kafka(Map<String, String> value) {
    kafka = value;
    return this;
  }

  public ProduceJobBuilder subjectNaming(SubjectNaming value) {
    subjectNaming = value;
    return this;
  }

  public ProduceJobBuilder records(long value) {
    records = value;
    return this;
  }

  public ProduceJobBuilder rate(long value) {
    rate = value;
    return this;
  }

  public ProduceJobBuilder duration(Duration value) {
    duration = value;
    return this;
  }

  public ProduceJobBuilder threads(int value) {
    threads = value;
    return this;
  }

  public ProduceJobBuilder keyField(String value) {
    keyField = value;
    return this;
  }

  public ProduceJobBuilder seed(long value) {
    seed = value;
    return this;
  }

  public ProduceJobBuilder startTime(Instant value) {
    startTime = value;
    return this;
  }

  public ProduceJobBuilder shard(Shard value) {
    shard = value;
    return this;
  }

  public ProduceJobBuilder from(Path value) {
    from = value;
    return this;
  }

  public ProduceJobBuilder tolerate(long value) {
    tolerate = value;
    return this;
  }

  public ProduceJobBuilder deadLetterTopic(String value) {
    deadLetterTopic = value;
    return this;
  }

  public ProduceJobBuilder manifest(Path value) {
    manifest = value;
    return this;
  }

  public ProduceJobBuilder acknowledged(Path value) {
    acknowledged = value;
    return this;
  }

  public ProduceJobBuilder createPartitions(int value) {
    createPartitions = value;
    return this;
  }

  public ProduceJobBuilder replication(short value) {
    replication = value;
    return this;
  }

  public ProduceJobBuilder hints(Map<String, Map<String, Object>> value) {
    hints = value;
    return this;
  }

  /** The job, or a {@code MillraceException} that tells all errors. */
  public ProduceJob build() {
    return new ProduceJob(
        topic,
        kafka,
        schema,
        subjectNaming,
        records,
        rate,
        duration,
        threads,
        keyField,
        seed,
        startTime,
        shard,
        from,
        tolerate,
        deadLetterTopic,
        manifest,
        acknowledged,
        createPartitions,
        replication,
        hints);
  }
}
