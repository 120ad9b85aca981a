package io.millrace.lake.delta;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Between our columns and Delta's schema. */
public final class DeltaSchema {
  private static final String COLUMN_MAPPING = "delta.columnMapping.mode";

  /** Metadata of a column: other names of the Avro field that it holds. */
  static final String ALIASES = SchemaChange.ALIASES;

  /** Metadata of the column of generations, which a field of that name does not have. */
  private static final String GENERATION = "millrace.generation";

  private DeltaSchema() {}

  /** The layout's columns, then the derived partition column; all nullable. */
  public static StructType of(TableLayout layout, Optional<PartitionBy> partitionBy) {
    StructType schema = new StructType();
    for (Column column : layout.columns()) {
      schema = schema.add(field(column));
    }
    if (partitionBy.isPresent()) {
      DataType type =
          switch (partitionBy.get().unit()) {
            case DATE -> DateType.DATE;
            case HOUR -> StringType.STRING;
          };
      schema = schema.add(partitionBy.get().column(), type, true);
    }
    return schema;
  }

  /**
   * Data files carry the columns by the names that the table shows. With column mapping they would
   * have to carry others, and every value would be read as null.
   *
   * @param properties the table's properties; Delta takes their names in any case
   */
  static void requireNoColumnMapping(String table, Map<String, String> properties) {
    properties.forEach(
        (key, value) -> {
          if (key.equalsIgnoreCase(COLUMN_MAPPING) && !value.equalsIgnoreCase("none")) {
            throw new MillraceException(
                ExitCode.USAGE,
                "Millrace can't write to the table " + table,
                "it uses column mapping (%s = %s)".formatted(COLUMN_MAPPING, value),
                "Use a table without column mapping");
          }
        });
  }

  /** The columns of the table's data files. */
  static TableLayout layout(
      String table, StructType schema, List<String> partitionColumns, KafkaColumns kafkaColumns) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      if (!partitionColumns.contains(field.getName())) {
        ColumnType type =
            columnType(field.getDataType()).orElseThrow(() -> unsupported(table, field));
        columns.add(new Column(field.getName(), type, role(field, kafkaColumns), aliases(field)));
      }
    }
    return new TableLayout(columns);
  }

  /**
   * What keeps files that were written for {@code before} from being appended to a table that has
   * {@code now}, in words; empty where nothing does.
   */
  static Optional<String> obstacle(StructType before, StructType now) {
    return obstacle("", before, now);
  }

  private static Optional<String> obstacle(String path, DataType before, DataType now) {
    if (before instanceof StructType old && now instanceof StructType struct) {
      return members(path, old, struct);
    }
    if (before instanceof ArrayType old && now instanceof ArrayType array) {
      return item(path, old.getElementField(), array.getElementField());
    }
    if (before instanceof MapType old && now instanceof MapType map) {
      return item(path, old.getKeyField(), map.getKeyField())
          .or(() -> item(path, old.getValueField(), map.getValueField()));
    }
    return before.equals(now)
        ? Optional.empty()
        : Optional.of(
            "column %s was %s and is %s"
                .formatted(path, SchemaChange.describe(before), SchemaChange.describe(now)));
  }

  private static Optional<String> members(String path, StructType before, StructType now) {
    for (StructField field : before.fields()) {
      if (now.indexOf(field.getName()) < 0) {
        return Optional.of("column " + SchemaChange.path(path, field.getName()) + " is gone");
      }
    }
    for (StructField field : now.fields()) {
      int place = before.indexOf(field.getName());
      if (place >= 0) {
        Optional<String> obstacle = item(path, before.at(place), field);
        if (obstacle.isPresent()) {
          return obstacle;
        }
      } else if (!field.isNullable()) {
        return Optional.of(
            "column " + SchemaChange.path(path, field.getName()) + " is new and NOT NULL");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> item(String parent, StructField before, StructField now) {
    String path = SchemaChange.path(parent, now.getName());
    return before.isNullable() && !now.isNullable()
        ? Optional.of("column " + path + " became NOT NULL")
        : obstacle(path, before.getDataType(), now.getDataType());
  }

  /** Whether it says which generation of the topic a row is of. */
  public static boolean isGeneration(StructField field) {
    return Boolean.TRUE.equals(field.getMetadata().getBoolean(GENERATION));
  }

  private static Column.Role role(StructField field, KafkaColumns kafka) {
    if (isGeneration(field)) {
      return Column.Role.KAFKA_GENERATION;
    }
    String name = field.getName();
    if (kafka.partition().filter(name::equals).isPresent()) {
      return Column.Role.KAFKA_PARTITION;
    }
    if (kafka.offset().filter(name::equals).isPresent()) {
      return Column.Role.KAFKA_OFFSET;
    }
    if (kafka.timestamp().filter(name::equals).isPresent()) {
      return Column.Role.KAFKA_TIMESTAMP;
    }
    if (kafka.key().filter(name::equals).isPresent()) {
      return Column.Role.KAFKA_KEY;
    }
    return kafka.headers().filter(name::equals).isPresent()
        ? Column.Role.KAFKA_HEADERS
        : Column.Role.FIELD;
  }

  private static StructField field(Column column) {
    FieldMetadata.Builder metadata = FieldMetadata.builder();
    if (!column.aliases().isEmpty()) {
      metadata.putStringArray(ALIASES, column.aliases().toArray(String[]::new));
    }
    if (column.role() == Column.Role.KAFKA_GENERATION) {
      metadata.putBoolean(GENERATION, true);
    }
    return new StructField(column.name(), deltaType(column.type()), true, metadata.build());
  }

  private static DataType deltaType(ColumnType type) {
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
      case STRUCT -> new StructType(type.members().stream().map(DeltaSchema::field).toList());
      case LIST -> new ArrayType(deltaType(type.element()), true);
      case MAP -> new MapType(StringType.STRING, deltaType(type.mapValue()), true);
    };
  }

  /** Our type of Delta's; empty where we have none. */
  public static Optional<ColumnType> columnType(DataType type) {
    if (type instanceof DecimalType decimal) {
      return Optional.of(ColumnType.decimal(decimal.getPrecision(), decimal.getScale()));
    }
    if (type instanceof StructType struct) {
      return members(struct).map(ColumnType::struct);
    }
    if (type instanceof ArrayType array) {
      return columnType(array.getElementType()).map(ColumnType::list);
    }
    if (type instanceof MapType map) {
      return map.getKeyType().equals(StringType.STRING)
          ? columnType(map.getValueType()).map(ColumnType::map)
          : Optional.empty();
    }
    return ColumnType.flatTypes().stream().filter(t -> deltaType(t).equals(type)).findFirst();
  }

  private static Optional<List<Column>> members(StructType struct) {
    List<Column> members = new ArrayList<>();
    for (StructField field : struct.fields()) {
      Optional<ColumnType> type = columnType(field.getDataType());
      if (type.isEmpty()) {
        return Optional.empty();
      }
      members.add(new Column(field.getName(), type.get(), Column.Role.FIELD, aliases(field)));
    }
    return members.isEmpty() ? Optional.empty() : Optional.of(members);
  }

  /** Other names of the Avro field that a column holds. */
  public static List<String> aliases(StructField field) {
    String[] aliases = field.getMetadata().getStringArray(ALIASES);
    return aliases == null ? List.of() : List.of(aliases);
  }

  private static MillraceException unsupported(String table, StructField field) {
    return new MillraceException(
        ExitCode.USAGE,
        "Millrace can't write to the table " + table,
        "its column %s has the type %s".formatted(field.getName(), field.getDataType()),
        "Use a table without columns of that type, or let Millrace create one");
  }
}
