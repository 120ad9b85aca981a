package io.millrace.core.avro;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/** The fewest bytes that a value takes, for a bound on how many can follow. */
final class LeastBytes {
  private LeastBytes() {}

  static int of(Schema schema) {
    return of(schema, new HashSet<>());
  }

  private static int of(Schema schema, Set<String> open) {
    return switch (schema.getType()) {
      case NULL -> 0;
      case BOOLEAN, INT, LONG, ENUM, STRING, BYTES, ARRAY, MAP -> 1;
      case FLOAT -> Float.BYTES;
      case DOUBLE -> Double.BYTES;
      case FIXED -> schema.getFixedSize();
      case UNION ->
          1 + schema.getTypes().stream().mapToInt(branch -> of(branch, open)).min().orElse(0);
      case RECORD -> ofRecord(schema, open);
    };
  }

  private static int ofRecord(Schema record, Set<String> open) {
    if (!open.add(record.getFullName())) {
      return 0;
    }
    int bytes = record.getFields().stream().mapToInt(field -> of(field.schema(), open)).sum();
    open.remove(record.getFullName());
    return bytes;
  }
}
