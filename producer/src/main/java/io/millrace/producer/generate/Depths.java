package io.millrace.producer.generate;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/** How many records deep the shallowest value of a schema is. */
final class Depths {
  /** Of a schema that no finite value fits. */
  static final int ENDLESS = Integer.MAX_VALUE;

  int of(Schema schema) {
    return of(schema, new HashSet<>());
  }

  private int of(Schema schema, Set<String> outer) {
    return switch (schema.getType()) {
      case UNION ->
          schema.getTypes().stream().mapToInt(branch -> of(branch, outer)).min().orElse(ENDLESS);
      case RECORD -> record(schema, outer);
      default -> 0;
    };
  }

  private int record(Schema schema, Set<String> outer) {
    if (!outer.add(schema.getFullName())) {
      return ENDLESS;
    }
    int deepest =
        schema.getFields().stream().mapToInt(field -> of(field.schema(), outer)).max().orElse(0);
    outer.remove(schema.getFullName());
    return deepest == ENDLESS ? ENDLESS : deepest + 1;
  }
}
