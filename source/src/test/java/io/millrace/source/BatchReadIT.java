package io.millrace.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.WireFormat;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** {@code spark.read().format("millrace")} over a real broker and registry. */
class BatchReadIT {
  private final TestStack stack = TestStack.shared();

  @Test
  void recordsAreTypedRowsWithTheirPlaceInKafka() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given
      topic.send(
          new ProducerRecord<>(
              topic.name, 1, 1_700_000_000_123L, null, topic.value(TestTopic.reading(7))));
      topic.awaitAcknowledged();

      // When
      Dataset<Row> rows = stack.read(topic.name).load();

      // Then
      assertThat(rows.schema().catalogString())
          .isEqualTo(
              "struct<id:bigint,celsius:double,note:string,kafka_partition:int,"
                  + "kafka_offset:bigint,kafka_timestamp:timestamp>");
      Row row = rows.collectAsList().get(0);
      assertThat(row.getLong(0)).isEqualTo(7);
      assertThat(row.getDouble(1)).isEqualTo(3.5);
      assertThat(row.getString(2)).isEqualTo("note 7");
      assertThat(row.getInt(3)).isEqualTo(1);
      assertThat(row.getLong(4)).isEqualTo(0);
      assertThat(row.getTimestamp(5).toInstant())
          .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
    }
  }

  @Test
  void everyRecordOfManyBatchesOfColumnsIsARow() {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      topic.sendReadings(0, 30_000, 3);
      Row sums =
          stack
              .read(topic.name)
              .option("minPartitions", 5)
              .load()
              .selectExpr(
                  "count(*)",
                  "count(distinct id)",
                  "sum(id)",
                  "sum(celsius)",
                  "sum(if(id % 3 = 0, note is null, note = concat('note ', id)) :: int)",
                  "count(distinct kafka_partition, kafka_offset)")
              .first();
      assertThat(sums)
          .isEqualTo(
              org.apache.spark.sql.RowFactory.create(
                  30_000L, 30_000L, 449_985_000L, 224_992_500.0, 30_000L, 30_000L));
    }
  }

  @Test
  void onlyTheColumnsThatAQueryNeedsAreDecoded() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 10, 1);
      Dataset<Row> rows = stack.read(topic.name).load();
      Dataset<Row> two = rows.select("note", "id");
      assertThat(two.queryExecution().executedPlan().toString())
          .contains("millrace " + topic.name + " [id, note]");
      assertThat(two.collectAsList()).extracting(r -> r.getLong(1)).hasSize(10).contains(9L);
      assertThat(rows.count()).isEqualTo(10);
      assertThat(rows.where("kafka_offset >= 4").select("id").count()).isEqualTo(6);
      assertThat(stack.read(topic.name).option("columns", "kafka_offset,note").load().columns())
          .containsExactly("kafka_offset", "note");
    }
  }

  @Test
  void rangesByOffsetAndByTime() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given ids 0, 2, ... in partition 0 and 1, 3, ... in partition 1, a second apart
      for (long id = 0; id < 20; id++) {
        topic.send(
            new ProducerRecord<>(
                topic.name,
                (int) (id % 2),
                1_000_000 + id * 1000,
                null,
                topic.value(TestTopic.reading(id))));
      }
      topic.awaitAcknowledged();
      String t = topic.name;

      // Then
      assertThat(
              ids(
                  Map.of(
                      "startingOffsets", "{\"%s\":{\"0\":3,\"1\":-2}}".formatted(t),
                      "endingOffsets", "{\"%s\":{\"0\":-1,\"1\":2}}".formatted(t)),
                  t))
          .containsExactly(1L, 3L, 6L, 8L, 10L, 12L, 14L, 16L, 18L);
      assertThat(ids(Map.of("startingTimestamp", "1005000", "endingTimestamp", "1009000"), t))
          .containsExactly(5L, 6L, 7L, 8L);
      assertThat(
              ids(
                  Map.of(
                      "startingOffsetsByTimestamp",
                      "{\"%s\":{\"0\":1016000,\"1\":1019000}}".formatted(t)),
                  t))
          .containsExactly(16L, 18L, 19L);
      assertThatThrownBy(() -> ids(Map.of("startingTimestamp", "9000000"), t))
          .hasMessageContaining("no record of topic " + t + " has that time");
      assertThat(
              ids(
                  Map.of(
                      "startingTimestamp", "1019000",
                      "startingOffsetsByTimestampStrategy", "latest"),
                  t))
          .containsExactly(19L);
      assertThatThrownBy(() -> ids(Map.of("startingOffsets", "{\"%s\":{\"0\":3}}".formatted(t)), t))
          .hasMessageContaining("names partitions [0], and the topic has [0, 1]");
      assertThatThrownBy(() -> ids(Map.of("startingOffsets", "latest"), t))
          .isInstanceOf(MillraceException.class);
    }
  }

  private List<Long> ids(Map<String, String> options, String topic) {
    return stack
        .read(topic)
        .options(options)
        .load()
        .select("id")
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(r -> r.getLong(0))
        .toList();
  }

  @Test
  void writersOfOtherSchemasGiveWhatTheyHaveOfTheLatest() {
    // Given a topic whose latest schema lacks what one writer has, and has what another lacks
    Schema old = SchemaBuilder.record("Reading").fields().requiredInt("id").endRecord();
    Schema other =
        SchemaBuilder.record("Reading")
            .fields()
            .requiredString("gone")
            .optionalLong("id")
            .name("fahrenheit")
            .aliases("celsius")
            .type()
            .doubleType()
            .noDefault()
            .endRecord();
    Schema latest =
        SchemaBuilder.record("Reading")
            .fields()
            .optionalString("note")
            .optionalLong("id")
            .optionalDouble("celsius")
            .endRecord();
    try (TestTopic topic = new TestTopic(stack, 1, latest, Map.of())) {
      int oldId = stack.registry().register(topic.name + "-old", old);
      int otherId = stack.registry().register(topic.name + "-other", other);
      topic.send(
          0,
          new GenericRecordBuilder(latest)
              .set("note", "n")
              .set("id", 1L)
              .set("celsius", null)
              .build());
      GenericRecord first = new GenericRecordBuilder(old).set("id", 2).build();
      topic.send(0, null, prefixed(oldId, TestTopic.avro(first)));
      GenericRecord second =
          new GenericRecordBuilder(other)
              .set("gone", "x")
              .set("id", 3L)
              .set("fahrenheit", 9.5)
              .build();
      // Named by a header, with nothing before the Avro binary
      ProducerRecord<byte[], byte[]> byHeader =
          new ProducerRecord<>(topic.name, 0, null, TestTopic.avro(second));
      byHeader.headers().add(WireFormat.VALUE_SCHEMA_HEADER, prefixed(otherId, new byte[0]));
      topic.send(byHeader);
      topic.send(
          0,
          new GenericRecordBuilder(latest)
              .set("note", null)
              .set("id", null)
              .set("celsius", 1.0)
              .build());
      topic.awaitAcknowledged();

      // When
      List<Row> rows =
          stack
              .read(topic.name)
              .load()
              .orderBy("kafka_offset")
              .select("id", "note", "celsius")
              .collectAsList();

      // Then
      assertThat(rows.toString())
          .isEqualTo("[[1,n,null], [2,null,null], [3,null,9.5], [null,null,1.0]]");
    }
  }

  private static byte[] prefixed(int id, byte[] avro) {
    byte[] bytes = new byte[WireFormat.HEADER_BYTES + avro.length];
    WireFormat.putHeader(bytes, 0, id);
    System.arraycopy(avro, 0, bytes, WireFormat.HEADER_BYTES, avro.length);
    return bytes;
  }

  @Test
  void badRecordsFailWithTheirPlaceOrAreSkippedAndCounted() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given
      topic.send(0, TestTopic.reading(0));
      byte[] whole = topic.value(TestTopic.reading(1));
      topic.send(0, null, java.util.Arrays.copyOf(whole, whole.length - 1));
      topic.send(0, null, "{\"id\":1}".getBytes(UTF_8));
      topic.send(0, null, null);
      topic.send(0, null, prefixed(999_999, new byte[] {1, 2}));
      topic.send(0, TestTopic.reading(2));
      topic.awaitAcknowledged();

      // Then
      assertThatThrownBy(() -> stack.read(topic.name).load().collectAsList())
          .hasStackTraceContaining(
              "The record at topic %s, partition 0, offset 1 can't be read: field note"
                  .formatted(topic.name));
      assertThatThrownBy(
              () ->
                  stack
                      .read(topic.name)
                      .option("nullValues", "fail")
                      .option("unknownSchemaAfter", "0s")
                      .option("onBadRecord", "skip")
                      .load()
                      .collectAsList())
          .hasStackTraceContaining("offset 3 can't be read: its value is null");
      Dataset<Row> skipping =
          stack
              .read(topic.name)
              .option("onBadRecord", "skip")
              .option("unknownSchemaAfter", "0s")
              .load()
              .select("id");
      assertThat(skipping.collectAsList()).extracting(r -> r.getLong(0)).containsExactly(0L, 2L);
      assertThat(PlanMetrics.of(skipping))
          .containsEntry("badRecords", 3L)
          .containsEntry("nullValues", 1L);
    }
  }

  @Test
  void keysAsBytesOrText() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.send(0, "clé".getBytes(UTF_8), topic.value(TestTopic.reading(0)));
      topic.send(0, null, topic.value(TestTopic.reading(1)));
      topic.awaitAcknowledged();
      assertThat(
              stack
                  .read(topic.name)
                  .option("columns.key", "k")
                  .option("keyFormat", "string")
                  .load()
                  .orderBy("id")
                  .select("k")
                  .collectAsList()
                  .toString())
          .isEqualTo("[[clé], [null]]");
      Row first =
          stack
              .read(topic.name)
              .option("columns.key", "k")
              .load()
              .orderBy("id")
              .select("k")
              .first();
      assertThat((byte[]) first.get(0)).isEqualTo("clé".getBytes(UTF_8));
    }
  }

  @Test
  void rangesEndWhereTransactionsLeaveGaps() {
    try (TestTopic topic =
        new TestTopic(
            stack, 1, TestTopic.READING, Map.of("transactional.id", TestStack.name("tx")))) {
      topic.producer.initTransactions();
      for (int i = 0; i < 4; i++) {
        topic.producer.beginTransaction();
        topic.send(0, TestTopic.reading(i));
        topic.awaitAcknowledged();
        if (i % 2 == 0) {
          topic.producer.commitTransaction();
        } else {
          topic.producer.abortTransaction();
        }
      }
      Dataset<Row> ids = stack.read(topic.name).load().select("id");
      assertThat(ids.collectAsList()).extracting(r -> r.getLong(0)).containsExactly(0L, 2L);
    }
  }

  @Test
  void nestedAndLogicalTypes() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"N","fields":[
                 {"name":"day","type":{"type":"int","logicalType":"date"}},
                 {"name":"local","type":{"type":"long","logicalType":"local-timestamp-micros"}},
                 {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
                 {"name":"big","type":{"type":"bytes","logicalType":"decimal","precision":30,"scale":3}},
                 {"name":"tags","type":{"type":"array","items":["null","string"]}},
                 {"name":"counts","type":{"type":"map","values":"long"}},
                 {"name":"points","type":{"type":"array","items":{"type":"record","name":"P","fields":[
                   {"name":"x","type":"int"},{"name":"names","type":{"type":"map","values":{"type":"array","items":"string"}}}]}}},
                 {"name":"either","type":["null","long","string"]}]}
                """);
    assertThat(schema.getField("price").schema().getLogicalType())
        .isInstanceOf(LogicalTypes.Decimal.class);
    try (TestTopic topic = new TestTopic(stack, 1, schema, Map.of())) {
      Schema point = schema.getField("points").schema().getElementType();
      topic.send(
          0,
          new GenericRecordBuilder(schema)
              .set("day", 19_000)
              .set("local", 1_700_000_000_000_001L)
              .set("price", ByteBuffer.wrap(new BigDecimal("-12.34").unscaledValue().toByteArray()))
              .set(
                  "big",
                  ByteBuffer.wrap(
                      new BigDecimal("123456789012345678901234.567").unscaledValue().toByteArray()))
              .set("tags", java.util.Arrays.asList("a", null, "c"))
              .set("counts", Map.of("one", 1L))
              .set(
                  "points",
                  List.of(
                      new GenericRecordBuilder(point).set("x", 1).set("names", Map.of()).build(),
                      new GenericRecordBuilder(point)
                          .set("x", 2)
                          .set("names", Map.of("k", List.of("v", "w")))
                          .build()))
              .set("either", "text")
              .build());
      topic.awaitAcknowledged();
      Dataset<Row> rows = stack.read(topic.name).load();
      assertThat(rows.schema().apply("either").dataType().catalogString())
          .isEqualTo("struct<member_long:bigint,member_string:string>");
      Row row = rows.first();
      assertThat(row.getDate(0).toLocalDate()).isEqualTo(LocalDate.ofEpochDay(19_000));
      assertThat(row.<LocalDateTime>getAs("local"))
          .isEqualTo(LocalDateTime.parse("2023-11-14T22:13:20.000001"));
      assertThat(row.getDecimal(2)).isEqualTo(new BigDecimal("-12.34"));
      assertThat(row.getDecimal(3)).isEqualTo(new BigDecimal("123456789012345678901234.567"));
      assertThat(row.getList(4)).isEqualTo(java.util.Arrays.asList("a", null, "c"));
      assertThat(row.getJavaMap(5)).isEqualTo(Map.of("one", 1L));
      assertThat(
              rows.selectExpr(
                      "points[1].x",
                      "points[1].names['k'][1]",
                      "either.member_string",
                      "size(points[0].names)")
                  .first()
                  .toString())
          .isEqualTo("[2,w,text,0]");
    }
  }

  @Test
  void wrongOptionsAreToldBeforeAnythingIsRead() {
    assertThatThrownBy(() -> stack.read("t").option("startingOffset", "earliest").load())
        .hasMessageContaining("Unknown option 'startingOffset'")
        .hasMessageContaining("did you mean startingOffsets?");
    assertThatThrownBy(() -> stack.read("t").option("subscribe", "t").load())
        .hasMessageContaining("there is a topic, too");
    assertThatThrownBy(() -> stack.read("t").option("kafka.auto.offset.reset", "latest").load())
        .hasMessageContaining("the source sets this itself");
    assertThatThrownBy(() -> stack.read("t").option("minPartitions", "0").load())
        .hasMessageContaining("whole number above 0");
    assertThatThrownBy(() -> stack.read("nothing-here").load())
        .hasMessageContaining("subject 'nothing-here-value'");
    assertThatThrownBy(() -> stack.spark().read().format("millrace").option("topic", "t").load())
        .hasMessageContaining("Option 'kafka.bootstrap.servers' of format millrace is missing");
  }

  @Test
  void aRangeBehindTheEndIsLostDataOrEndsThere() {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      topic.sendReadings(0, 3, 1);
      Map<String, String> beyond =
          Map.of("endingOffsets", "{\"%s\":{\"0\":7}}".formatted(topic.name));
      assertThatThrownBy(() -> ids(beyond, topic.name))
          .hasMessageContaining("partition 0 ends at 3, and the range at 7");
      assertThat(
              stack.read(topic.name).options(beyond).option("failOnDataLoss", false).load().count())
          .isEqualTo(LongStream.range(0, 3).count());
    }
  }
}
