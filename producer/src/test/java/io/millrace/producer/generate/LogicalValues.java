package io.millrace.producer.generate;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;

/** Looks through a record for values that their logical type does not allow. */
final class LogicalValues {
  private static final long DAY_MICROS = 86_400_000_000L;

  private LogicalValues() {}

  static List<String> problems(GenericRecord record) {
    List<String> problems = new ArrayList<>();
    look(record, record.getSchema(), problems);
    return problems;
  }

  private static void look(Object value, Schema schema, List<String> problems) {
    switch (schema.getType()) {
      case RECORD ->
          schema
              .getFields()
              .forEach(f -> look(((IndexedRecord) value).get(f.pos()), f.schema(), problems));
      case ARRAY ->
          ((Collection<?>) value).forEach(v -> look(v, schema.getElementType(), problems));
      case MAP ->
          ((Map<?, ?>) value).values().forEach(v -> look(v, schema.getValueType(), problems));
      case UNION ->
          look(
              value,
              schema.getTypes().get(GenericData.get().resolveUnion(schema, value)),
              problems);
      default -> {
        if (schema.getLogicalType() != null && !right(value, schema)) {
          problems.add(value + " is no " + schema);
        }
      }
    }
  }

  private static boolean right(Object value, Schema schema) {
    return switch (schema.getLogicalType().getName()) {
      case "time-millis" -> (int) value >= 0 && (int) value < DAY_MICROS / 1000;
      case "time-micros" -> (long) value >= 0 && (long) value < DAY_MICROS;
      case "date" -> (int) value == 20_455;
      case "uuid" ->
          !(value instanceof CharSequence text)
              || java.util.UUID.fromString(text.toString()).version() == 4;
      case "decimal" -> {
        LogicalTypes.Decimal decimal = (LogicalTypes.Decimal) schema.getLogicalType();
        Conversions.DecimalConversion conversion = new Conversions.DecimalConversion();
        int precision =
            (value instanceof ByteBuffer bytes
                    ? conversion.fromBytes(bytes, schema, decimal)
                    : conversion.fromFixed((GenericFixed) value, schema, decimal))
                .precision();
        yield precision <= decimal.getPrecision();
      }
      default -> true;
    };
  }
}
