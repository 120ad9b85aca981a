package io.millrace.producer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.WireFormat;
import io.millrace.producer.Schemas;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordGeneratorTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");

  private static Draft draft(long seed) {
    return new Draft(seed, new EventTime(START, 0), 42);
  }

  private static GenericRecord read(Schema schema, Draft draft) throws Exception {
    byte[] bytes = draft.copy();
    BinaryDecoder decoder =
        DecoderFactory.get()
            .binaryDecoder(
                bytes, WireFormat.HEADER_BYTES, bytes.length - WireFormat.HEADER_BYTES, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).as("bytes after the record").isTrue();
    return record;
  }

  private static Schema field(String type) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":"
                + type
                + "}]}");
  }

  private static Map<Object, Long> counts(Schema schema, Map<String, Object> hint, int records)
      throws Exception {
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of("f", hint));
    Draft draft = draft(5);
    Map<Object, Long> counts = new HashMap<>();
    for (int i = 0; i < records; i++) {
      generator.generate(draft, i);
      Object value = read(schema, draft).get("f");
      counts.merge(value instanceof CharSequence ? value.toString() : value, 1L, Long::sum);
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"user_event", "user_event_v2", "user_event_v3", "click_stream"})
  void bundledSchemasYieldValidRecordsInTheWireFormat(String name) throws Exception {
    Schema schema = Schemas.load(name);
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of());
    Draft draft = draft(1);
    for (int i = 0; i < 1000; i++) {
      generator.generate(draft, i);
      ByteBuffer value = ByteBuffer.wrap(draft.copy());

      assertThat(WireFormat.hasHeader(value)).isTrue();
      assertThat(WireFormat.schemaId(value)).isEqualTo(42);
      GenericRecord record = read(schema, draft);
      assertThat(record.get("timestamp")).isEqualTo(START.toEpochMilli() + i / 1000);
      assertThat(record.get("session_id").toString())
          .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }
  }

  @Test
  void ordersAreNestedAndKeepToTheirHints() throws Exception {
    Schema schema = Schemas.load("order");
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of());
    Draft draft = draft(1);
    Set<String> countries = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      generator.generate(draft, i);
      GenericRecord customer = (GenericRecord) read(schema, draft).get("customer");
      countries.add(((GenericRecord) customer.get("address")).get("country").toString());
    }

    assertThat(countries).hasSizeBetween(5, 16).contains("NL");
  }

  @Test
  void mapsHaveTheKeysOfTheirHintsAndNoneTwice() throws Exception {
    Schema schema = Schemas.load("page_view");
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of());
    Draft draft = draft(1);
    Set<String> keys = new HashSet<>();
    Set<Integer> sizes = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      generator.generate(draft, i);
      Map<?, ?> experiments = (Map<?, ?>) read(schema, draft).get("experiments");
      experiments.keySet().forEach(key -> keys.add(key.toString()));
      sizes.add(experiments.size());
    }

    assertThat(keys)
        .containsExactlyInAnyOrder(
            "checkout-layout", "search-ranking", "price-display", "landing-page-hero");
    assertThat(sizes).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
  }

  @Test
  void userEventsAreOfTheSizeThatFiguresAreGivenFor() {
    RecordGenerator generator = RecordGenerator.compile(Schemas.load("user_event"), null, Map.of());
    Draft draft = draft(1);
    double average =
        LongStream.range(0, 10_000)
            .map(
                i -> {
                  generator.generate(draft, i);
                  return draft.length();
                })
            .average()
            .orElseThrow();

    assertThat(average).isCloseTo(185, within(2.0));
  }

  @Test
  void contentIsAFunctionOfSeedAndNumberWhateverTheOrder() {
    RecordGenerator generator =
        RecordGenerator.compile(Schemas.load("user_event_v3"), null, Map.of());
    Draft forwards = draft(7);
    Draft backwards = draft(7);
    Draft otherSeed = draft(8);
    byte[][] records = new byte[100][];
    for (int i = 0; i < records.length; i++) {
      generator.generate(forwards, i);
      records[i] = forwards.copy();
    }
    for (int i = records.length - 1; i >= 0; i--) {
      generator.generate(backwards, i);
      generator.generate(otherSeed, i);

      assertThat(backwards.copy()).isEqualTo(records[i]);
      assertThat(otherSeed.copy()).isNotEqualTo(records[i]);
    }
    assertThat(List.of(records)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anySchemaYieldsValidRecords(long seed) throws Exception {
    Schema schema = new RandomSchemas(seed).record();
    RecordGenerator generator = RecordGenerator.compile(schema, null, Map.of());
    Draft draft = draft(seed);
    for (int i = 0; i < 200; i++) {
      generator.generate(draft, i);

      GenericRecord record = read(schema, draft);
      assertThat(LogicalValues.problems(record)).isEmpty();
    }
  }

  @Test
  void recursionEnds() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Tree", "fields": [
                  {"name": "value", "type": "int"},
                  {"name": "next", "type": ["Tree", "null"]},
                  {"name": "children", "type": {"type": "array", "items": "Tree"}},
                  {"name": "named", "type": {"type": "map", "values": "Tree"}}]}
                """);
    RecordGenerator generator =
        RecordGenerator.compile(schema, null, Map.of("next", Map.of("nullRate", 0)));
    Draft draft = draft(1);
    for (int i = 0; i < 50; i++) {
      generator.generate(draft, i);

      assertThat(read(schema, draft).get("next")).isNotNull();
    }
  }

  @Test
  void aRecordThatHoldsItselfWithoutEndIsRefused() {
    Schema schema = Schema.createRecord("Endless", null, null, false);
    schema.setFields(List.of(new Schema.Field("self", schema, null, null)));

    assertThatThrownBy(() -> RecordGenerator.compile(schema, null, Map.of()))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("Endless");
  }

  @Test
  void hintsSetRangeCardinalitySkewAndNulls() throws Exception {
    assertThat(counts(field("\"int\""), Map.of("min", -3, "max", 3), 2000).keySet())
        .containsExactlyInAnyOrder(-3, -2, -1, 0, 1, 2, 3);
    assertThat(counts(field("\"string\""), Map.of("cardinality", 12), 2000)).hasSize(12);
    assertThat(counts(field("\"string\""), Map.of("pattern", "a#-?"), 100).keySet())
        .allMatch(v -> v.toString().matches("a[0-9]-[a-z]"));
    Map<Object, Long> nulls = counts(field("[\"null\",\"long\"]"), Map.of("nullRate", 0.25), 4000);
    assertThat(nulls.get(null)).isBetween(900L, 1100L);
    Map<Object, Long> skewed =
        counts(field("\"long\""), Map.of("min", 0, "max", 99, "skew", 1.0), 20_000);
    // Zipf with exponent 1 over 100: the first has 1/H(100) = 19.3 %, half of it the second.
    assertThat(skewed.get(0L)).isBetween(3650L, 4050L);
    assertThat(skewed.get(1L)).isBetween(1780L, 2080L);
    Map<Object, Long> weighted =
        counts(
            field("\"string\""),
            Map.of("values", List.of("a", "b", "c"), "weights", List.of(70, 30, 0)),
            10_000);
    assertThat(weighted).containsOnlyKeys("a", "b");
    assertThat(weighted.get("a")).isBetween(6800L, 7200L);
    Map<Object, Long> wide =
        counts(field("\"long\""), Map.of("min", 10, "max", 1_000_000_000_009L, "skew", 1.0), 5000);
    assertThat(wide.keySet()).allMatch(v -> (long) v >= 10 && (long) v <= 1_000_000_000_009L);
    assertThat(wide.keySet().stream().filter(v -> (long) v < 1_000_000).count()).isPositive();
  }

  @Test
  void annotationsInTheSchemaAreHintsThatTheConfigOverrides() throws Exception {
    Schema schema = field("{\"type\":\"int\",\"millrace\":{\"min\":5,\"max\":5}}");
    RecordGenerator annotated = RecordGenerator.compile(schema, null, Map.of());
    RecordGenerator overridden =
        RecordGenerator.compile(schema, null, Map.of("f", Map.of("min", 6, "max", 6)));
    Draft draft = draft(1);

    annotated.generate(draft, 0);
    assertThat(read(schema, draft).get("f")).isEqualTo(5);
    overridden.generate(draft, 0);
    assertThat(read(schema, draft).get("f")).isEqualTo(6);
  }

  @Test
  void wrongHintsAreToldWithTheirPath() {
    Schema schema = field("\"int\"");

    assertThatThrownBy(
            () -> RecordGenerator.compile(schema, null, Map.of("f", Map.of("cardinalty", 3))))
        .hasMessageContaining("f")
        .hasMessageContaining("cardinalty");
    assertThatThrownBy(() -> RecordGenerator.compile(schema, null, Map.of("g", Map.of("min", 3))))
        .hasMessageContaining("g in R");
    assertThatThrownBy(
            () -> RecordGenerator.compile(schema, null, Map.of("f", Map.of("min", 3_000_000_000L))))
        .hasMessageContaining("does not fit");
    assertThatThrownBy(
            () ->
                RecordGenerator.compile(
                    schema, null, Map.of("f", Map.of("values", List.of("text")))))
        .hasMessageContaining("text");
  }

  @Test
  void theKeyIsTheFieldAsText() throws Exception {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "K", "fields": [
                  {"name": "before", "type": "string"},
                  {"name": "number", "type": "long"},
                  {"name": "maybe", "type": ["string", "null", "int"]},
                  {"name": "after", "type": "string"}]}
                """);
    for (String key : List.of("number", "maybe")) {
      RecordGenerator generator = RecordGenerator.compile(schema, key, Map.of());
      KeyText keyText = KeyText.of(schema, key);
      Draft draft = draft(3);
      for (int i = 0; i < 500; i++) {
        generator.generate(draft, i);
        Object value = read(schema, draft).get(key);
        byte[] expected = value == null ? null : value.toString().getBytes(StandardCharsets.UTF_8);

        assertThat(keyText.of(draft)).isEqualTo(expected);
        assertThat(keyText.of(value)).isEqualTo(expected);
      }
    }
    Schema doubles = field("\"double\"");
    assertThatThrownBy(() -> KeyText.of(doubles, "f")).hasMessageContaining("double");
  }

  @Test
  void eventTimeFollowsTheRate() {
    EventTime perThree = new EventTime(Instant.EPOCH, 3);

    assertThat(LongStream.of(0, 1, 2, 3, 30_000_000_001L).map(perThree::micros))
        .containsExactly(0L, 333_333L, 666_666L, 1_000_000L, 10_000_000_000_333_333L);
  }
}
