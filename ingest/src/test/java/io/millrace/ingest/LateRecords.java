package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.redrive.Discard;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records of a schema that is registered only later, with a column that the table lacks; and ways
 * to redrive and to prove.
 */
final class LateRecords {
  private final TestStack stack;
  private final TestTopic topic;
  private final Schema schema;
  final int schemaId;

  LateRecords(TestStack stack, TestTopic topic) {
    this(
        stack,
        topic,
        SchemaBuilder.record(topic.name.replaceAll("[^A-Za-z0-9]", "_"))
            .fields()
            .requiredLong("id")
            .optionalString("late")
            .endRecord());
  }

  /**
   * @param schema of a name of its own: one that is registered already keeps its id
   */
  LateRecords(TestStack stack, TestTopic topic, Schema schema) {
    this.stack = stack;
    this.topic = topic;
    this.schema = schema;
    Schema own =
        SchemaBuilder.record(TestStack.name("next").replace('-', '_')).fields().endRecord();
    schemaId = stack.registry().register(own.getName() + "-value", own) + 1;
  }

  void register() {
    assertThat(stack.registry().register(topic.name + "-late", schema)).isEqualTo(schemaId);
  }

  /** Round robin over two partitions. */
  void send(long from, long to) {
    for (long id = from; id < to; id++) {
      topic.send(record((int) (id % 2), id, null));
    }
  }

  ProducerRecord<byte[], byte[]> record(int partition, long id, byte[] key) {
    Object typed = schema.getField("id").schema().getType() == Schema.Type.LONG ? id : "id " + id;
    byte[] avro =
        TestTopic.avro(
            schema,
            new GenericRecordBuilder(schema).set("id", typed).set("late", "late " + id).build());
    return new ProducerRecord<>(topic.name, partition, key, TestTopic.prefixed(schemaId, avro));
  }

  static DeadLetterFilter ofPartition(int partition) {
    return new DeadLetterFilter(
        Optional.empty(), Optional.empty(), Set.of(partition), List.of(), Set.of(), Set.of());
  }

  static DeadLetterFilter ofError(String error) {
    return new DeadLetterFilter(
        Optional.empty(), Optional.empty(), Set.of(), List.of(), Set.of(error), Set.of());
  }

  Redrive.Result redrive(StreamConfig stream) {
    return redrive(stream, DeadLetterFilter.ALL);
  }

  Redrive.Result redrive(StreamConfig stream, DeadLetterFilter filter) {
    return redrive(stream, filter, Redrive.Options.DEFAULTS);
  }

  Redrive.Result redrive(StreamConfig stream, DeadLetterFilter filter, Redrive.Options options) {
    return Redrive.run(stack.config(stream), stream, filter, options, InstantSource.system());
  }

  long discard(StreamConfig stream, DeadLetterFilter filter, boolean dryRun) {
    return Discard.run(
        stack.config(stream), stream, filter, "never ours", dryRun, InstantSource.system());
  }

  StreamReport verify(StreamConfig stream) throws Exception {
    return verify(stream, null);
  }

  StreamReport verify(StreamConfig stream, VerifyOptions.Since since) throws Exception {
    VerifyOptions options = VerifyOptions.defaults();
    return Verifier.verify(
            stack.config(stream),
            new VerifyOptions(
                options.streams(),
                options.manifests(),
                VerifyOptions.Values.ALWAYS,
                options.threads(),
                since),
            (name, phase, done, total) -> {})
        .streams()
        .get(0);
  }

  /** That every record is where it belongs, by value; each dead letter stays in its table. */
  void prove(StreamConfig stream, long rows, long dead, long redriven, long discarded)
      throws Exception {
    StreamReport verified = verify(stream);
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.notes()).isEmpty();
    assertThat(verified.rows()).isEqualTo(rows);
    assertThat(verified.valuesCompared()).isEqualTo(rows);
    assertThat(verified.deadLetters()).isEqualTo(dead);
    assertThat(verified.redriven()).isEqualTo(redriven);
    assertThat(verified.discarded()).isEqualTo(discarded);
    assertThat(TableRows.read(DeadLetterTable.path(stream.table()))).hasSize((int) dead);
  }

  /** That what came since is proven, whatever version that is said of. */
  void proveSinceEachVersion(StreamConfig stream) throws Exception {
    long latest = TableRows.open(stream.table(), Map.of()).version();
    for (long version = 0; version <= latest; version++) {
      StreamReport report = verify(stream, VerifyOptions.Since.version(version));
      assertThat(report.findings()).as("since version " + version).isEmpty();
      assertThat(report.sinceVersion()).isEqualTo(version);
    }
  }
}
