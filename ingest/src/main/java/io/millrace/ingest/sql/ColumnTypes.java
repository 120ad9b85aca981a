package io.millrace.ingest.sql;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.config.NumberTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns for what Spark's expressions return. */
record ColumnTypes(NumberTypes numbers) {

  /**
   * @param name of the column or of the part of it, for the message
   */
  ColumnType of(String name, DataType type) {
    if (type.equals(DataTypes.BooleanType)) {
      return ColumnType.BOOLEAN;
    } else if (type.equals(DataTypes.ByteType)
        || type.equals(DataTypes.ShortType)
        || type.equals(DataTypes.IntegerType)) {
      return numbers == NumberTypes.WIDE ? ColumnType.LONG : ColumnType.INT;
    } else if (type.equals(DataTypes.LongType)) {
      return ColumnType.LONG;
    } else if (type.equals(DataTypes.FloatType)) {
      return numbers == NumberTypes.WIDE ? ColumnType.DOUBLE : ColumnType.FLOAT;
    } else if (type.equals(DataTypes.DoubleType)) {
      return ColumnType.DOUBLE;
    } else if (type.equals(DataTypes.StringType)) {
      return ColumnType.STRING;
    } else if (type.equals(DataTypes.BinaryType)) {
      return ColumnType.BINARY;
    } else if (type.equals(DataTypes.DateType)) {
      return ColumnType.DATE;
    } else if (type.equals(DataTypes.TimestampType)) {
      return ColumnType.TIMESTAMP;
    } else if (type.equals(DataTypes.TimestampNTZType)) {
      return ColumnType.TIMESTAMP_NTZ;
    } else if (type instanceof DecimalType decimal && decimal.scale() >= 0) {
      return ColumnType.decimal(decimal.precision(), decimal.scale());
    } else if (type instanceof StructType struct && struct.length() > 0) {
      List<Column> members = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (StructField field : struct.fields()) {
        String path = name + "." + field.name();
        if (!Column.isAllowedName(field.name())
            || !names.add(field.name().toLowerCase(Locale.ROOT))) {
          throw SqlRefusals.of(
              "%s has a member \"%s\": no name of a column, or given twice but for case"
                  .formatted(name, field.name()),
              "Give each member a name of its own, without blanks and any of ,;{}()=");
        }
        members.add(Column.field(field.name(), of(path, field.dataType())));
      }
      return ColumnType.struct(members);
    } else if (type instanceof ArrayType array) {
      return ColumnType.list(of(name + "." + ColumnType.ELEMENT, array.elementType()));
    } else if (type instanceof MapType map && map.keyType().equals(DataTypes.StringType)) {
      return ColumnType.map(of(name + "." + ColumnType.VALUE, map.valueType()));
    }
    throw SqlRefusals.of(
        "%s is of type %s, which a table has no column for".formatted(name, type.sql()),
        "Cast it, for example CAST(... AS STRING).");
  }
}
