package io.millrace.core.avro.testing;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What vectors hold, as objects: a List for a STRUCT or LIST, a Map for a MAP. */
public final class VectorValues {
  private VectorValues() {}

  public static List<Object> row(ColumnBatch batch, int row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < batch.layout().columns().size(); i++) {
      values.add(value(batch.vector(i), batch.layout().columns().get(i).type(), row));
    }
    return values;
  }

  public static Object value(ColumnVector vector, ColumnType type, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> ((BooleanVector) vector).values()[row];
      case INT, DATE -> ((IntVector) vector).values()[row];
      case FLOAT -> Float.intBitsToFloat(((IntVector) vector).values()[row]);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> ((LongVector) vector).values()[row];
      case DOUBLE -> ((DoubleVector) vector).values()[row];
      case STRING -> new String(bytes(vector, row), StandardCharsets.UTF_8);
      case BINARY -> ByteBuffer.wrap(bytes(vector, row));
      case DECIMAL -> decimal(vector, type, row);
      case STRUCT -> members(type.members(), (StructVector) vector, row);
      case LIST -> items(type, (ListVector) vector, row);
      case MAP -> entries(type, (ListVector) vector, row);
    };
  }

  private static byte[] bytes(ColumnVector vector, int row) {
    BytesVector bytes = (BytesVector) vector;
    return Arrays.copyOfRange(bytes.data(), bytes.start(row), bytes.ends()[row]);
  }

  private static BigDecimal decimal(ColumnVector vector, ColumnType type, int row) {
    BigInteger unscaled =
        vector instanceof LongVector longs
            ? BigInteger.valueOf(longs.values()[row])
            : new BigInteger(bytes(vector, row));
    return new BigDecimal(unscaled, type.scale());
  }

  private static List<Object> members(List<Column> members, StructVector struct, int row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      values.add(value(struct.member(i), members.get(i).type(), row));
    }
    return values;
  }

  private static List<Object> items(ColumnType type, ListVector list, int row) {
    List<Object> values = new ArrayList<>();
    for (int i = list.start(row); i < list.ends()[row]; i++) {
      values.add(value(list.items(), type.element(), i));
    }
    return values;
  }

  private static Map<Object, Object> entries(ColumnType type, ListVector map, int row) {
    Map<Object, Object> values = new HashMap<>();
    for (int i = map.start(row); i < map.ends()[row]; i++) {
      List<Object> entry = members(type.members(), (StructVector) map.items(), i);
      if (values.put(entry.get(0), entry.get(1)) != null) {
        throw new AssertionError("key twice: " + entry.get(0));
      }
    }
    return values;
  }
}
