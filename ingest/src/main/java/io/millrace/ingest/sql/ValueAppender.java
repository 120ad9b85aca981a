package io.millrace.ingest.sql;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Appends what an expression returned to a column of the type that {@link ColumnTypes} says. */
interface ValueAppender {
  /** Bytes of a decimal whose unscaled value does not fit a long. */
  int LONG_DECIMAL_BYTES = 16;

  /** The value at this place is not null. */
  void append(SpecializedGetters values, int place, ColumnVector to);

  /** Null or not. */
  default void appendNullable(SpecializedGetters values, int place, ColumnVector to) {
    if (values.isNullAt(place)) {
      to.appendNull();
    } else {
      append(values, place, to);
    }
  }

  static ValueAppender of(DataType from, ColumnType to) {
    return switch (to.kind()) {
      case BOOLEAN -> (v, i, c) -> ((BooleanVector) c).append(v.getBoolean(i));
      case INT, DATE -> ofInt(from);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> ofLong(from);
      case FLOAT -> (v, i, c) -> ((IntVector) c).append(Float.floatToRawIntBits(v.getFloat(i)));
      case DOUBLE ->
          from.equals(DataTypes.FloatType)
              ? (v, i, c) -> ((DoubleVector) c).append(v.getFloat(i))
              : (v, i, c) -> ((DoubleVector) c).append(v.getDouble(i));
      case STRING -> (v, i, c) -> append(v.getUTF8String(i).getBytes(), c);
      case BINARY -> (v, i, c) -> append(v.getBinary(i), c);
      case DECIMAL -> ofDecimal((DecimalType) from);
      case STRUCT -> ofStruct((StructType) from, to);
      case LIST -> ofList(((ArrayType) from).elementType(), to.element());
      case MAP -> ofMap(((MapType) from).valueType(), to.mapValue());
    };
  }

  private static ValueAppender ofInt(DataType from) {
    if (from.equals(DataTypes.ByteType)) {
      return (v, i, c) -> ((IntVector) c).append(v.getByte(i));
    }
    return from.equals(DataTypes.ShortType)
        ? (v, i, c) -> ((IntVector) c).append(v.getShort(i))
        : (v, i, c) -> ((IntVector) c).append(v.getInt(i));
  }

  private static ValueAppender ofLong(DataType from) {
    if (from.equals(DataTypes.ByteType)) {
      return (v, i, c) -> ((LongVector) c).append(v.getByte(i));
    } else if (from.equals(DataTypes.ShortType)) {
      return (v, i, c) -> ((LongVector) c).append(v.getShort(i));
    }
    return from.equals(DataTypes.IntegerType)
        ? (v, i, c) -> ((LongVector) c).append(v.getInt(i))
        : (v, i, c) -> ((LongVector) c).append(v.getLong(i));
  }

  private static ValueAppender ofDecimal(DecimalType type) {
    int precision = type.precision();
    int scale = type.scale();
    if (precision <= ColumnType.MAX_LONG_PRECISION) {
      return (v, i, c) ->
          ((LongVector) c).append(v.getDecimal(i, precision, scale).toUnscaledLong());
    }
    return (v, i, c) -> {
      byte[] shortest =
          v.getDecimal(i, precision, scale).toJavaBigDecimal().unscaledValue().toByteArray();
      byte[] bytes = new byte[LONG_DECIMAL_BYTES];
      int lead = bytes.length - shortest.length;
      Arrays.fill(bytes, 0, lead, (byte) (shortest[0] < 0 ? -1 : 0));
      System.arraycopy(shortest, 0, bytes, lead, shortest.length);
      append(bytes, c);
    };
  }

  private static ValueAppender ofStruct(StructType from, ColumnType to) {
    // By name: the column may have members that the expression lacks, and in another order.
    List<String> names = List.of(from.fieldNames());
    int[] places = to.members().stream().mapToInt(m -> names.indexOf(m.name())).toArray();
    ValueAppender[] members = new ValueAppender[places.length];
    Arrays.setAll(
        members,
        i ->
            places[i] < 0
                ? null
                : of(from.fields()[places[i]].dataType(), to.members().get(i).type()));
    return (v, i, c) -> {
      StructVector struct = (StructVector) c;
      InternalRow row = v.getStruct(i, names.size());
      for (int m = 0; m < members.length; m++) {
        if (members[m] == null) {
          struct.member(m).appendNull();
        } else {
          members[m].appendNullable(row, places[m], struct.member(m));
        }
      }
      struct.endValue();
    };
  }

  private static ValueAppender ofList(DataType from, ColumnType to) {
    ValueAppender element = of(from, to);
    return (v, i, c) -> {
      ListVector list = (ListVector) c;
      ArrayData items = v.getArray(i);
      for (int n = 0; n < items.numElements(); n++) {
        element.appendNullable(items, n, list.items());
      }
      list.endValue();
    };
  }

  private static ValueAppender ofMap(DataType valueType, ColumnType to) {
    ValueAppender key = of(DataTypes.StringType, ColumnType.STRING);
    ValueAppender value = of(valueType, to);
    return (v, i, c) -> {
      ListVector list = (ListVector) c;
      StructVector items = (StructVector) list.items();
      MapData map = v.getMap(i);
      for (int n = 0; n < map.numElements(); n++) {
        key.append(map.keyArray(), n, items.member(0));
        value.appendNullable(map.valueArray(), n, items.member(1));
        items.endValue();
      }
      list.endValue();
    };
  }

  private static void append(byte[] bytes, ColumnVector to) {
    ((BytesVector) to).append(bytes, 0, bytes.length);
  }
}
