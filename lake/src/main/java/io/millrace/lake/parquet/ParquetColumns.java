package io.millrace.lake.parquet;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** A table's layout as a Parquet schema and as the nodes that write it. */
final class ParquetColumns {
  /** The name Spark gives its files' root; readers ignore it. */
  private static final String ROOT = "spark_schema";

  // Names of the repeated groups of lists and maps (parquet-format, LogicalTypes.md).
  private static final String LIST = "list";
  private static final String KEY_VALUE = "key_value";

  /** Most digits of a DECIMAL whose unscaled value fits an int. */
  private static final int MAX_INT_PRECISION = 9;

  /** Bytes of a DECIMAL of more digits than fit a long. */
  private static final int LONG_DECIMAL_BYTES = 16;

  private ParquetColumns() {}

  static MessageType schema(TableLayout layout) {
    List<Type> fields = layout.columns().stream().map(c -> field(c, Repetition.OPTIONAL)).toList();
    return new MessageType(ROOT, fields);
  }

  private static Type field(Column column, Repetition repetition) {
    ColumnType type = column.type();
    String name = column.name();
    return switch (type.kind()) {
      case STRUCT ->
          new GroupType(
              repetition,
              name,
              type.members().stream().map(m -> field(m, Repetition.OPTIONAL)).toList());
      case LIST -> repeated(name, LogicalTypeAnnotation.listType(), LIST, members(type));
      case MAP -> repeated(name, LogicalTypeAnnotation.mapType(), KEY_VALUE, members(type));
      default -> primitive(type, repetition).named(name);
    };
  }

  /** A LIST's or a MAP's; keys are required, everything else is optional. */
  private static List<Type> members(ColumnType type) {
    List<Type> members = new ArrayList<>();
    for (int i = 0; i < type.members().size(); i++) {
      boolean key = type.kind() == ColumnType.Kind.MAP && i == 0;
      members.add(field(type.members().get(i), key ? Repetition.REQUIRED : Repetition.OPTIONAL));
    }
    return members;
  }

  private static Type repeated(
      String name, LogicalTypeAnnotation annotation, String group, List<Type> members) {
    GroupType items = new GroupType(Repetition.REPEATED, group, members);
    return Types.optionalGroup().as(annotation).addField(items).named(name);
  }

  private static Types.PrimitiveBuilder<PrimitiveType> primitive(
      ColumnType type, Repetition repetition) {
    return switch (type.kind()) {
      case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition);
      case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition);
      case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition);
      case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition);
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition);
      case STRING ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType());
      case BINARY -> Types.primitive(PrimitiveTypeName.BINARY, repetition);
      case DATE ->
          Types.primitive(PrimitiveTypeName.INT32, repetition).as(LogicalTypeAnnotation.dateType());
      case TIMESTAMP -> timestamp(repetition, true);
      case TIMESTAMP_NTZ -> timestamp(repetition, false);
      case DECIMAL ->
          decimal(type.precision(), repetition)
              .as(LogicalTypeAnnotation.decimalType(type.scale(), type.precision()));
      case STRUCT, LIST, MAP -> throw new IllegalArgumentException(type + " is nested");
    };
  }

  private static Types.PrimitiveBuilder<PrimitiveType> timestamp(
      Repetition repetition, boolean utc) {
    return Types.primitive(PrimitiveTypeName.INT64, repetition)
        .as(LogicalTypeAnnotation.timestampType(utc, TimeUnit.MICROS));
  }

  private static Types.PrimitiveBuilder<PrimitiveType> decimal(
      int precision, Repetition repetition) {
    if (precision <= MAX_INT_PRECISION) {
      return Types.primitive(PrimitiveTypeName.INT32, repetition);
    }
    if (precision <= ColumnType.MAX_LONG_PRECISION) {
      return Types.primitive(PrimitiveTypeName.INT64, repetition);
    }
    return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
        .length(LONG_DECIMAL_BYTES);
  }

  /** One node a column, with chunks for the leaves of the schema. */
  static List<ColumnNode> nodes(
      TableLayout layout, MessageType schema, PageBuffers buffers, EncodingHints hints) {
    Iterator<ColumnDescriptor> leaves = schema.getColumns().iterator();
    return layout.columns().stream().map(c -> node(c, leaves, buffers, hints, false)).toList();
  }

  private static ColumnNode node(
      Column column,
      Iterator<ColumnDescriptor> leaves,
      PageBuffers buffers,
      EncodingHints hints,
      boolean inList) {
    List<Column> members = column.type().members();
    return switch (column.type().kind()) {
      case STRUCT ->
          new ColumnNode.Struct(
              column,
              members.stream().map(m -> node(m, leaves, buffers, hints, inList)).toList(),
              false);
      case LIST ->
          new ColumnNode.Repeated(
              column, node(members.get(0), leaves, buffers, hints, true), inList);
      case MAP -> {
        ColumnNode key = new ColumnNode.Leaf(members.get(0), chunk(leaves, buffers, hints), true);
        ColumnNode value = node(members.get(1), leaves, buffers, hints, true);
        ColumnNode entries = new ColumnNode.Struct(column, List.of(key, value), true);
        yield new ColumnNode.Repeated(column, entries, inList);
      }
      default -> new ColumnNode.Leaf(column, chunk(leaves, buffers, hints), false);
    };
  }

  private static ColumnChunk chunk(
      Iterator<ColumnDescriptor> leaves, PageBuffers buffers, EncodingHints hints) {
    ColumnDescriptor descriptor = leaves.next();
    return switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
      case BOOLEAN -> new BooleanChunk(descriptor, buffers);
      case INT32, INT64, FLOAT, DOUBLE -> new NumberChunk(descriptor, buffers, hints);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> new BytesChunk(descriptor, buffers, hints);
      case INT96 -> throw new IllegalArgumentException(descriptor.toString());
    };
  }
}
