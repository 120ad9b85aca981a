package io.millrace.source;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Spark's types of core's columns. */
public final class SparkTypes {
  private SparkTypes() {}

  /** One nullable field a column, in their order. */
  public static StructType struct(List<Column> columns) {
    return new StructType(
        columns.stream()
            .map(c -> new StructField(c.name(), of(c.type()), true, Metadata.empty()))
            .toArray(StructField[]::new));
  }

  /** The type that Spark reads such a column as. */
  public static DataType of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> DataTypes.BooleanType;
      case INT -> DataTypes.IntegerType;
      case LONG -> DataTypes.LongType;
      case FLOAT -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case STRING -> DataTypes.StringType;
      case BINARY -> DataTypes.BinaryType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampType;
      case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
      case DECIMAL -> DataTypes.createDecimalType(type.precision(), type.scale());
      case STRUCT -> struct(type.members());
      case LIST -> DataTypes.createArrayType(of(type.element()), true);
      case MAP -> DataTypes.createMapType(DataTypes.StringType, of(type.mapValue()), true);
    };
  }
}
