package io.millrace.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.FieldRule;
import io.millrace.core.config.KafkaColumns;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowRulesTest {
  private static final Schema INNER =
      SchemaBuilder.record("Inner").fields().optionalString("text").endRecord();
  private static final Schema SCHEMA =
      SchemaBuilder.record("Row")
          .fields()
          .optionalLong("n")
          .optionalDouble("d")
          .name("price")
          .type(LogicalTypes.decimal(6, 2).addToSchema(Schema.create(Schema.Type.BYTES)))
          .noDefault()
          .requiredBoolean("flag")
          .name("in")
          .type(INNER)
          .noDefault()
          .endRecord();
  private static final TableLayout LAYOUT = AvroTables.layout(SCHEMA, KafkaColumns.DEFAULT);

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "n, true, -, -, -, -, field n: is null",
        "d, false, 0, 1, -, -, -",
        "d, false, 0.5, -, -, -, field d: 0.25 is outside of 0.5..",
        "price, false, -, 10, -, -, field price: 12.50 is outside of ..10",
        "price, false, 12.5, 12.5, -, -, -",
        "price, false, -, -, -, 12.5, -",
        "price, false, -, -, -, 13, field price: 12.50 is none of [13]",
        "flag, false, -, -, -, true, -",
        "flag, false, -, -, -, false, field flag: true is none of [false]",
        "in.text, true, -, -, h.*o, -, -",
        "in.text, true, -, -, h, -, field in.text: \"hello\" does not match h",
        "in.text, false, -, -, -, hello, -",
        "in.text, false, -, -, -, hell, field in.text: \"hello\" is none of [hell]"
      })
  void eachRuleSaysWhatItFound(
      String field,
      boolean notNull,
      BigDecimal min,
      BigDecimal max,
      String pattern,
      String in,
      String message)
      throws Exception {
    FieldRule rule =
        new FieldRule(field, notNull, min, max, pattern, in == null ? List.of() : List.of(in));
    RowRules rules = RowRules.of(List.of(rule), LAYOUT);
    ColumnBatch batch = batch();

    if (message == null) {
      rules.check(batch.columns(), 0);
    } else {
      assertThatThrownBy(() -> rules.check(batch.columns(), 0))
          .isInstanceOfSatisfying(
              DecodeException.class,
              e -> assertThat(e.kind()).isEqualTo(DecodeException.Kind.INVALID))
          .hasMessageStartingWith(message);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere, 1, , rules.nowhere: there is no such column",
    "in.text, 1, , 'rules.in.text: min and max are for numbers, the column is STRING'",
    "n, , a, 'rules.n: pattern is for texts, the column is LONG'"
  })
  void aRuleThatCannotBeIsRefused(String field, BigDecimal min, String pattern, String message) {
    FieldRule rule = new FieldRule(field, false, min, null, pattern, List.of());

    assertThatThrownBy(() -> RowRules.of(List.of(rule), LAYOUT)).hasMessage(message);
  }

  @Test
  void aBoundBetweenWholeNumbersHolds() throws Exception {
    FieldRule rule = new FieldRule("n", false, new BigDecimal("4.5"), null, null, List.of());
    RowRules rules = RowRules.of(List.of(rule), LAYOUT);
    ColumnBatch batch = new ColumnBatch(LAYOUT);
    decode(batch, 4L);
    decode(batch, 5L);

    assertThatThrownBy(() -> rules.check(batch.columns(), 0)).hasMessageContaining("4 is outside");
    rules.check(batch.columns(), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "(l*)(l*)(l*)(l*)(l*)(l*)h, l, 50", // steps by a power of the length
    "(?:l|m)*, l, 1000000", // a part of the stack for each character
  })
  void aTextThatAPatternWouldNotEndWithIsInvalid(String pattern, String part, int times)
      throws Exception {
    RowRules rules =
        RowRules.of(
            List.of(new FieldRule("in.text", false, null, null, pattern, List.of())), LAYOUT);
    ColumnBatch batch = new ColumnBatch(LAYOUT);
    decode(batch, 1L, part.repeat(times));
    decode(batch, 1L, pattern.endsWith("h") ? "llllh" : "lmlm");

    assertThatThrownBy(() -> rules.check(batch.columns(), 0))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("takes more than it may to compare with " + pattern);
    rules.check(batch.columns(), 1);
  }

  private static ColumnBatch batch() throws Exception {
    ColumnBatch batch = new ColumnBatch(LAYOUT);
    decode(batch, null);
    return batch;
  }

  private static void decode(ColumnBatch batch, Long n) throws Exception {
    decode(batch, n, "hello");
  }

  private static void decode(ColumnBatch batch, Long n, String text) throws Exception {
    GenericRecord inner = new GenericData.Record(INNER);
    inner.put("text", text);
    GenericRecord row = new GenericData.Record(SCHEMA);
    row.put("n", n);
    row.put("d", 0.25);
    row.put("price", ByteBuffer.wrap(new byte[] {4, (byte) 0xe2}));
    row.put("flag", true);
    row.put("in", inner);
    AvroTables.decoder(SCHEMA, LAYOUT).decode(ByteBuffer.wrap(RandomRecords.bytes(row)), batch);
    batch.endRow();
  }
}
