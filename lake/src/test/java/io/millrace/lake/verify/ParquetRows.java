package io.millrace.lake.verify;

import io.delta.kernel.data.ColumnarBatch;
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
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Rows of any type, written by parquet-java's example writer and read by Delta Kernel. */
final class ParquetRows {
  private static final int DECIMAL_BYTES = 16;

  private ParquetRows() {}

  /**
   * @param rows values as {@code VectorValues} has them
   */
  static void write(Path file, List<Column> columns, List<List<Object>> rows) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message row {" + fields(columns) + "}");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(file)
            .withConf(new Configuration())
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (List<Object> row : rows) {
        Group group = new SimpleGroup(schema);
        fill(group, columns, row);
        writer.write(group);
      }
    }
  }

  private static String fields(List<Column> columns) {
    return columns.stream().map(c -> field(c.name(), c.type())).collect(Collectors.joining());
  }

  private static String field(String name, ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> "optional boolean " + name + ";";
      case INT -> "optional int32 " + name + ";";
      case LONG -> "optional int64 " + name + ";";
      case FLOAT -> "optional float " + name + ";";
      case DOUBLE -> "optional double " + name + ";";
      case STRING -> "optional binary " + name + " (STRING);";
      case BINARY -> "optional binary " + name + ";";
      case DATE -> "optional int32 " + name + " (DATE);";
      case TIMESTAMP -> "optional int64 " + name + " (TIMESTAMP(MICROS,true));";
      case TIMESTAMP_NTZ -> "optional int64 " + name + " (TIMESTAMP(MICROS,false));";
      case DECIMAL ->
          "optional %s %s (DECIMAL(%d,%d));"
              .formatted(
                  isShort(type) ? "int64" : "fixed_len_byte_array(" + DECIMAL_BYTES + ")",
                  name,
                  type.precision(),
                  type.scale());
      case STRUCT -> "optional group " + name + " {" + fields(type.members()) + "}";
      case LIST ->
          "optional group %s (LIST) {repeated group list {%s}}"
              .formatted(name, fields(type.members()));
      case MAP ->
          "optional group %s (MAP) {repeated group key_value {required binary key (STRING); %s}}"
              .formatted(name, field(ColumnType.VALUE, type.mapValue()));
    };
  }

  private static boolean isShort(ColumnType decimal) {
    return decimal.precision() <= ColumnType.MAX_LONG_PRECISION;
  }

  private static void fill(Group group, List<Column> columns, List<Object> values) {
    for (int i = 0; i < columns.size(); i++) {
      if (values.get(i) != null) {
        add(group, columns.get(i).name(), columns.get(i).type(), values.get(i));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static void add(Group group, String name, ColumnType type, Object value) {
    switch (type.kind()) {
      case BOOLEAN -> group.add(name, (Boolean) value);
      case INT, DATE -> group.add(name, (Integer) value);
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> group.add(name, (Long) value);
      case FLOAT -> group.add(name, (Float) value);
      case DOUBLE -> group.add(name, (Double) value);
      case STRING -> group.add(name, (String) value);
      case BINARY -> group.add(name, Binary.fromReusedByteBuffer((ByteBuffer) value));
      case DECIMAL -> {
        BigInteger unscaled = ((BigDecimal) value).unscaledValue();
        if (isShort(type)) {
          group.add(name, unscaled.longValueExact());
        } else {
          byte[] bytes = new byte[DECIMAL_BYTES];
          Arrays.fill(bytes, unscaled.signum() < 0 ? (byte) -1 : 0);
          byte[] own = unscaled.toByteArray();
          System.arraycopy(own, 0, bytes, DECIMAL_BYTES - own.length, own.length);
          group.add(name, Binary.fromConstantByteArray(bytes));
        }
      }
      case STRUCT -> fill(group.addGroup(name), type.members(), (List<Object>) value);
      case LIST -> {
        Group list = group.addGroup(name);
        for (Object item : (List<Object>) value) {
          fill(list.addGroup("list"), type.members(), Arrays.asList(item));
        }
      }
      case MAP -> {
        Group map = group.addGroup(name);
        ((Map<Object, Object>) value)
            .forEach(
                (key, entry) ->
                    fill(map.addGroup("key_value"), type.members(), Arrays.asList(key, entry)));
      }
    }
  }

  /** Gets the rows, which are few enough for one batch. */
  static ColumnarBatch read(Path file, List<Column> columns) throws IOException {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.FileStatus status = file.getFileSystem(hadoop).getFileStatus(file);
    FileStatus asked =
        FileStatus.of(status.getPath().toString(), status.getLen(), status.getModificationTime());
    try (CloseableIterator<FileReadResult> batches =
        DefaultEngine.create(hadoop)
            .getParquetHandler()
            .readParquetFiles(
                Utils.singletonCloseableIterator(asked), struct(columns), Optional.empty())) {
      if (!batches.hasNext()) {
        throw new AssertionError("no rows");
      }
      ColumnarBatch batch = batches.next().getData();
      if (batches.hasNext()) {
        throw new AssertionError("more than a batch of rows");
      }
      return batch;
    }
  }

  private static StructType struct(List<Column> columns) {
    return new StructType(
        columns.stream().map(c -> new StructField(c.name(), delta(c.type()), true)).toList());
  }

  static DataType delta(ColumnType type) {
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
      case STRUCT -> struct(type.members());
      case LIST -> new ArrayType(delta(type.element()), true);
      case MAP -> new MapType(StringType.STRING, delta(type.mapValue()), true);
    };
  }
}
