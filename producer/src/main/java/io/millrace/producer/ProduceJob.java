package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * All options of a produce run. Can't exist invalid: the constructor tells every error at once.
 *
 * @param topic where to
 * @param kafka client properties by their own names; {@code bootstrap.servers} among them
 * @param schema the record schema of the values
 * @param subjectNaming how the schema's subject is named
 * @param records how many records the job as a whole has; -1: no limit
 * @param rate records per second of the job as a whole, 1 to 1e9; 0: as fast as possible
 * @param duration end after so long; null: no limit
 * @param threads threads that generate and send, 1 to 64; each has its own Kafka producer
 * @param keyField name of the top-level field whose value, as text, is the record's key; null: no
 *     key
 * @param seed of the generators
 * @param startTime event time of record 0; null: the time the run begins
 * @param shard the part of the job that this run sends
 * @param from JSON Lines (.json, .jsonl, .ndjson), CSV (.csv) or Avro container (.avro) file to
 *     send in place of generated records; null: generate
 * @param tolerate input lines that may go to the dead-letter topic before the run counts as failed;
 *     {@link Long#MAX_VALUE}: all
 * @param deadLetterTopic where lines go that don't fit the schema; null: topic + "-dead-letters"
 * @param manifest file to write the manifest to; null: none
 * @param acknowledged file to keep the acknowledged counts in as they grow; null: none
 * @param createPartitions partitions to create the topic with where it does not exist; 0: it has to
 *     exist
 * @param replication replicas of a topic that is created; -1: the broker's default
 * @param hints how fields are generated: field path to hint, as the {@code millrace} annotation in
 *     a schema; see docs
 */
public record ProduceJob(
    String topic,
    Map<String, String> kafka,
    Schema schema,
    SubjectNaming subjectNaming,
    long records,
    long rate,
    Duration duration,
    int threads,
    String keyField,
    long seed,
    Instant startTime,
    Shard shard,
    Path from,
    long tolerate,
    String deadLetterTopic,
    Path manifest,
    Path acknowledged,
    int createPartitions,
    short replication,
    Map<String, Map<String, Object>> hints) {

  /** For {@link #records}: no limit. */
  public static final long UNLIMITED = -1;

  private static final long MAX_RATE = 1_000_000_000;
  private static final int MAX_THREADS = 64;
  private static final Duration MAX_DURATION = Duration.ofDays(3650);

  /** Kafka has no timestamps before 1970; nanoseconds since then end in 2262. */
  private static final Instant FIRST_START = Instant.EPOCH;

  private static final Instant LAST_START = Instant.parse("2200-01-01T00:00:00Z");

  public ProduceJob {
    kafka = Map.copyOf(kafka);
    hints = Map.copyOf(hints);
    List<String> errors = new ArrayList<>();
    check(errors, topic != null && !topic.isBlank(), "no topic is given");
    check(errors, kafka.containsKey("bootstrap.servers"), "kafka has no bootstrap.servers");
    check(errors, records >= UNLIMITED, "records is %d, at least 0 is needed", records);
    check(errors, rate >= 0 && rate <= MAX_RATE, "rate is %d, 0 to %d is needed", rate, MAX_RATE);
    check(
        errors,
        duration == null
            || (duration.compareTo(Duration.ZERO) > 0 && duration.compareTo(MAX_DURATION) <= 0),
        "duration is %s, more than 0 and at most %d days are needed",
        duration,
        MAX_DURATION.toDays());
    check(
        errors,
        startTime == null || !(startTime.isBefore(FIRST_START) || startTime.isAfter(LAST_START)),
        "the start time is %s, %s to %s is needed",
        startTime,
        FIRST_START,
        LAST_START);
    check(
        errors,
        threads >= 1 && threads <= MAX_THREADS,
        "threads is %d, 1 to %d is needed",
        threads,
        MAX_THREADS);
    check(errors, from == null || threads == 1, "a file is read by one thread, not %d", threads);
    check(errors, from != null || tolerate == 0, "only lines of a file (from) can be tolerated");
    check(
        errors,
        from != null || deadLetterTopic == null,
        "only lines of a file (from) go to a dead-letter topic");
    check(errors, tolerate >= 0, "tolerate is %d, at least 0 is needed", tolerate);
    check(errors, createPartitions >= 0, "create is %d, at least 0 is needed", createPartitions);
    check(
        errors,
        replication == -1 || replication >= 1,
        "replication is %d, at least 1 is needed",
        replication);
    check(
        errors,
        shard.count() == 1 || startTime != null || from != null,
        "shards need the same start time, and none is given");
    if (deadLetterTopic == null) {
      deadLetterTopic = topic + "-dead-letters";
    }
    if (schema.getType() != Schema.Type.RECORD) {
      errors.add("the schema is of type %s, a record is needed".formatted(schema.getType()));
    } else {
      check(
          errors,
          keyField == null || schema.getField(keyField) != null,
          "the schema %s has no field %s to be the key",
          schema.getFullName(),
          keyField);
    }
    if (!errors.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The job can't be run",
          String.join("; ", errors),
          "Correct the options, millrace produce --help lists them");
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  private static void check(List<String> errors, boolean right, String error, Object... values) {
    if (!right) {
      errors.add(error.formatted(values));
    }
  }

  /** Whether the job has no end of its own. */
  public boolean endless() {
    return records == UNLIMITED && duration == null && from == null;
  }

  /** A builder with all defaults. */
  public static ProduceJobBuilder builder(String topic, Schema schema) {
    return new ProduceJobBuilder(topic, schema);
  }
}
