package io.millrace.source;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Spark's internal rows as values that can be compared. */
final class SparkValues {
  private SparkValues() {}

  /** A row's values; maps, structs and arrays with theirs. */
  static List<Object> members(InternalRow row, StructType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      StructField field = type.fields()[i];
      values.add(row.isNullAt(i) ? null : value(row, i, field.dataType()));
    }
    return values;
  }

  private static List<Object> items(ArrayData array, DataType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.numElements(); i++) {
      values.add(array.isNullAt(i) ? null : value(array, i, type));
    }
    return values;
  }

  private static Object value(SpecializedGetters from, int place, DataType type) {
    if (type instanceof StructType struct) {
      return members(from.getStruct(place, struct.size()), struct);
    }
    if (type instanceof ArrayType array) {
      return items(from.getArray(place), array.elementType());
    }
    if (type instanceof MapType map) {
      MapData data = from.getMap(place);
      List<Object> keys = items(data.keyArray(), map.keyType());
      List<Object> values = items(data.valueArray(), map.valueType());
      Map<Object, Object> entries = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        entries.put(keys.get(i), values.get(i));
      }
      return entries;
    }
    if (type instanceof DecimalType decimal) {
      Decimal value = from.getDecimal(place, decimal.precision(), decimal.scale());
      return value.toJavaBigDecimal();
    }
    if (type.equals(DataTypes.StringType)) {
      return from.getUTF8String(place).toString();
    }
    if (type.equals(DataTypes.BinaryType)) {
      return ByteBuffer.wrap(from.getBinary(place));
    }
    return from.get(place, type);
  }
}
