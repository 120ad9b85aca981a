package io.millrace.core.avro;

import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/** The fewest bytes that a value takes, for a bound on how many can follow. */
final class LeastBytes {
  /** Enough for a bound; records in records may have more than an int can say. */
  private static final int MOST = 1 << 20;

  /** 0 for records that are in hand: those in themselves take nothing. */
  private final Map<Schema, Integer> records = new IdentityHashMap<>();

  private LeastBytes() {}

  static int of(Schema schema) {
    return new LeastBytes().least(schema);
  }

  private int least(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> 0;
      case BOOLEAN, INT, LONG, ENUM, STRING, BYTES, ARRAY, MAP -> 1;
      case FLOAT -> Float.BYTES;
      case DOUBLE -> Double.BYTES;
      case FIXED -> Math.min(MOST, schema.getFixedSize());
      case UNION -> 1 + schema.getTypes().stream().mapToInt(this::least).min().orElse(0);
      case RECORD -> record(schema);
    };
  }

  private int record(Schema record) {
    Integer known = records.putIfAbsent(record, 0);
    if (known != null) {
      return known;
    }
    long bytes = record.getFields().stream().mapToLong(field -> least(field.schema())).sum();
    records.put(record, (int) Math.min(MOST, bytes));
    return (int) Math.min(MOST, bytes);
  }
}
