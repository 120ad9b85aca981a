package io.millrace.lake.parquet;

import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** A table's layout as a Parquet schema and as the columns that write it. */
final class ParquetColumns {
  /** The name Spark gives its files' root; readers ignore it. */
  private static final String ROOT = "spark_schema";

  private ParquetColumns() {}

  static MessageType schema(TableLayout layout) {
    List<Type> fields = layout.columns().stream().map(ParquetColumns::field).toList();
    return new MessageType(ROOT, fields);
  }

  private static Type field(Column column) {
    return switch (column.type().kind()) {
      case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(column.name());
      case INT -> Types.optional(PrimitiveTypeName.INT32).named(column.name());
      case LONG -> Types.optional(PrimitiveTypeName.INT64).named(column.name());
      case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).named(column.name());
      case STRING ->
          Types.optional(PrimitiveTypeName.BINARY)
              .as(LogicalTypeAnnotation.stringType())
              .named(column.name());
      case BINARY -> Types.optional(PrimitiveTypeName.BINARY).named(column.name());
      case DATE ->
          Types.optional(PrimitiveTypeName.INT32)
              .as(LogicalTypeAnnotation.dateType())
              .named(column.name());
      case TIMESTAMP ->
          Types.optional(PrimitiveTypeName.INT64)
              .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
              .named(column.name());
      default -> throw new IllegalArgumentException(column.toString());
    };
  }

  static ColumnChunk chunk(
      Column column, ColumnDescriptor descriptor, PageBuffers buffers, EncodingHints hints) {
    return switch (column.type().kind()) {
      case BOOLEAN -> new BooleanChunk(descriptor, buffers);
      case INT, DATE, LONG, TIMESTAMP, DOUBLE -> new NumberChunk(descriptor, buffers, hints);
      case STRING, BINARY -> new BytesChunk(descriptor, buffers, hints);
      default -> throw new IllegalArgumentException(column.toString());
    };
  }
}
