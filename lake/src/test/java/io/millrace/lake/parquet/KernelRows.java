package io.millrace.lake.parquet;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.lake.DataFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Rows of a file by Delta Kernel's own Parquet reader, as {@link Rows} has them. */
public final class KernelRows {
  private KernelRows() {}

  static StructType schema(List<Column> columns) {
    StructType schema = new StructType();
    for (Column column : columns) {
      schema = schema.add(column.name(), type(column.type()));
    }
    return schema;
  }

  private static DataType type(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BooleanType.BOOLEAN;
      case INT -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case FLOAT -> FloatType.FLOAT;
      case DOUBLE -> DoubleType.DOUBLE;
      case STRING -> StringType.STRING;
      case BINARY -> BinaryType.BINARY;
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case TIMESTAMP_NTZ -> TimestampNTZType.TIMESTAMP_NTZ;
      case DECIMAL -> new DecimalType(type.precision(), type.scale());
      case STRUCT -> schema(type.members());
      case LIST -> new ArrayType(type(type.element()), true);
      case MAP -> new MapType(StringType.STRING, type(type.mapValue()), true);
    };
  }

  public static List<Object[]> read(Configuration hadoop, DataFile file, TableLayout layout)
      throws IOException {
    FileStatus status = FileStatus.of(file.path(), file.bytes(), file.modificationTime());
    List<Object[]> rows = new ArrayList<>();
    try (CloseableIterator<FileReadResult> batches =
        DefaultEngine.create(hadoop)
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(status),
                schema(layout.columns()),
                Optional.empty())) {
      while (batches.hasNext()) {
        ColumnarBatch batch = batches.next().getData();
        for (int row = 0; row < batch.getSize(); row++) {
          Object[] values = new Object[layout.columns().size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = value(layout.columns().get(i).type(), batch.getColumnVector(i), row);
          }
          rows.add(values);
        }
      }
    }
    return rows;
  }

  private static Object value(ColumnType type, ColumnVector vector, int row) {
    if (vector.isNullAt(row)) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> vector.getBoolean(row);
      case INT, DATE -> vector.getInt(row);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> vector.getLong(row);
      case FLOAT -> vector.getFloat(row);
      case DOUBLE -> vector.getDouble(row);
      case STRING -> vector.getString(row);
      case BINARY -> ByteBuffer.wrap(vector.getBinary(row));
      case DECIMAL -> vector.getDecimal(row);
      case STRUCT -> {
        List<Object> members = new ArrayList<>();
        for (int i = 0; i < type.members().size(); i++) {
          members.add(value(type.members().get(i).type(), vector.getChild(i), row));
        }
        yield members;
      }
      case LIST -> {
        ArrayValue list = vector.getArray(row);
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < list.getSize(); i++) {
          items.add(value(type.element(), list.getElements(), i));
        }
        yield items;
      }
      case MAP -> {
        MapValue map = vector.getMap(row);
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < map.getSize(); i++) {
          entries.put(map.getKeys().getString(i), value(type.mapValue(), map.getValues(), i));
        }
        yield entries;
      }
    };
  }
}
