package io.millrace.ingest.sql;

import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Verify's values as Spark's expressions take and give them. */
final class SparkValues {
  private SparkValues() {}

  /** For Spark, of a column of this type. */
  static Object of(ColumnType type, Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN, BINARY -> value;
      case INT, DATE -> ((Number) value).intValue();
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> ((Number) value).longValue();
      case FLOAT -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case STRING -> UTF8String.fromString((String) value);
      case DECIMAL -> Decimal.apply((BigDecimal) value, type.precision(), type.scale());
      case STRUCT -> {
        List<?> members = (List<?>) value;
        Object[] values = new Object[members.size()];
        Arrays.setAll(values, i -> of(type.members().get(i).type(), members.get(i)));
        yield new GenericInternalRow(values);
      }
      case LIST -> array((List<?>) value, type.element());
      case MAP -> {
        List<Object> keys = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (Object one : (List<?>) value) {
          keys.add(((Map.Entry<?, ?>) one).getKey());
          values.add(((Map.Entry<?, ?>) one).getValue());
        }
        yield new ArrayBasedMapData(array(keys, ColumnType.STRING), array(values, type.mapValue()));
      }
    };
  }

  private static ArrayData array(List<?> items, ColumnType type) {
    return new GenericArrayData(items.stream().map(item -> of(type, item)).toArray());
  }

  /** From Spark, of an expression of this type. */
  static Object back(DataType type, Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof UTF8String text) {
      return text.toString();
    } else if (type instanceof DecimalType decimal) {
      return ((Decimal) value).toJavaBigDecimal().setScale(decimal.scale());
    } else if (type instanceof StructType struct) {
      InternalRow row = (InternalRow) value;
      List<Object> members = new ArrayList<>();
      for (int i = 0; i < struct.length(); i++) {
        DataType member = struct.fields()[i].dataType();
        members.add(row.isNullAt(i) ? null : back(member, row.get(i, member)));
      }
      return members;
    } else if (type instanceof ArrayType list) {
      return items((ArrayData) value, list.elementType());
    } else if (type instanceof MapType map) {
      List<Object> keys = items(((MapData) value).keyArray(), DataTypes.StringType);
      List<Object> values = items(((MapData) value).valueArray(), map.valueType());
      List<Map.Entry<String, Object>> entries = new ArrayList<>();
      for (int i = 0; i < keys.size(); i++) {
        entries.add(new SimpleEntry<>((String) keys.get(i), values.get(i)));
      }
      return entries;
    }
    return value;
  }

  private static List<Object> items(ArrayData array, DataType type) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < array.numElements(); i++) {
      items.add(array.isNullAt(i) ? null : back(type, array.get(i, type)));
    }
    return items;
  }
}
