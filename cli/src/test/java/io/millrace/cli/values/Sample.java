package io.millrace.cli.values;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * Records of every type that a table can hold. Records of generation 0 have lower values in every
 * column than those of generation 1, so that statistics can tell their files apart.
 */
final class Sample {
  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Everything", "fields": [
                {"name": "id", "type": "long"},
                {"name": "small", "type": ["null", "int"]},
                {"name": "ratio", "type": ["null", "float"]},
                {"name": "score", "type": ["null", "double"]},
                {"name": "odd", "type": "double"},
                {"name": "flag", "type": ["null", "boolean"]},
                {"name": "name", "type": ["null", "string"]},
                {"name": "kind", "type": ["null",
                  {"type": "enum", "name": "Kind", "symbols": ["A", "B", "Y", "Z"]}]},
                {"name": "raw", "type": ["null", "bytes"]},
                {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
                {"name": "at_ms", "type": ["null",
                  {"type": "long", "logicalType": "timestamp-millis"}]},
                {"name": "at_us", "type": ["null",
                  {"type": "long", "logicalType": "timestamp-micros"}]}
              ]}
              """);

  private static final String[] PIECES = {"a", "é", "漢", "😀", " ", "\"", "\\", "\n", "0", "z"};
  private static final long FIRST_DAY = LocalDate.of(1900, 1, 2).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(2199, 12, 30).toEpochDay();
  private static final long DAY_MICROS = 86_400_000_000L;

  private final Random random;
  private final int generation;
  private final int number;

  private Sample(Random random, int generation, int number) {
    this.random = random;
    this.generation = generation;
    this.number = number;
  }

  static List<GenericRecord> records(int generation, int count) {
    Random random = new Random(generation + 17);
    List<GenericRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(new Sample(random, generation, i).record());
    }
    return records;
  }

  private GenericRecord record() {
    GenericRecord record = new GenericData.Record(SCHEMA);
    record.put("id", generation * 1_000_000_000_000L + number);
    record.put(
        "small", orNull(generation == 0 ? -1 - random.nextInt(1 << 30) : random.nextInt() >>> 1));
    record.put("ratio", orNull((float) number(Float.MAX_VALUE)));
    record.put("score", orNull(number(Double.MAX_VALUE)));
    record.put("odd", number % 50 == 9 ? Double.NaN : number(1));
    // Nulls in one generation only: a filter on null can skip the other's files.
    record.put("flag", generation == 0 ? orNull(false) : Boolean.TRUE);
    record.put("name", orNull(name()));
    record.put("kind", orNull(kind()));
    record.put("raw", generation == 0 ? raw() : orNull(raw()));
    record.put("day", orNull((int) day()));
    record.put("at_ms", orNull(micros() / 1_000));
    record.put("at_us", orNull(micros()));
    return record;
  }

  private <T> T orNull(T value) {
    return random.nextInt(20) == 0 ? null : value;
  }

  /** Below zero in generation 0, at or above it in generation 1; now and then a special one. */
  private double number(double most) {
    if (number % 50 == 7) {
      return generation == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    if (number % 50 == 8) {
      return generation == 0 ? -most : most;
    }
    return (generation == 0 ? -1e-3 : 1) * (random.nextDouble() + 0.1);
  }

  /** Long ones share their first forty characters, where statistics are cut. */
  private String name() {
    StringBuilder name = new StringBuilder(generation == 0 ? "A" : "z");
    if (number % 3 == 0) {
      name.append("same beginning of a rather long name ".repeat(2));
    }
    for (int left = random.nextInt(12); left > 0; left--) {
      name.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return generation == 0 && number == 5 ? "" : name.toString();
  }

  private Object kind() {
    String symbol =
        (generation == 0 ? new String[] {"A", "B"} : new String[] {"Y", "Z"})[number % 2];
    return new GenericData.EnumSymbol(SCHEMA.getField("kind").schema().getTypes().get(1), symbol);
  }

  private ByteBuffer raw() {
    byte[] bytes = new byte[random.nextInt(9)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  /** Before 1970 in generation 0, from then on in generation 1. */
  private long day() {
    return generation == 0
        ? FIRST_DAY + random.nextInt((int) -FIRST_DAY)
        : random.nextInt((int) LAST_DAY);
  }

  private long micros() {
    return day() * DAY_MICROS + (long) (random.nextDouble() * DAY_MICROS);
  }
}
