package io.millrace.lake.verify;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Chooses the readers for one writer schema and the table's columns, by docs/types.md. Knows
 * nothing of ingest's decoders: what both agree on was written down twice.
 */
final class ValueReaders {
  /** The only member of a struct for a record without fields that can be stored. */
  private static final String PRESENT = "_present";

  /** What the names of a union's members begin with. */
  private static final String MEMBER = "member_";

  private static final List<String> DURATION = List.of("months", "days", "millis");
  private static final ValueReader NULL = new FlatValues.Refused("", "not null");
  private static final long MILLIS = TimeUnit.MILLISECONDS.toMicros(1);

  private ValueReaders() {}

  /** For a record of this schema what these columns hold; those of other roles stay null. */
  static RecordFields of(Schema record, List<Column> columns) {
    return fields(record, columns, "");
  }

  private static RecordFields fields(Schema record, List<Column> columns, String path) {
    int[] fields = new int[columns.size()];
    boolean[] taken = new boolean[record.getFields().size()];
    for (int c = 0; c < fields.length; c++) {
      Column column = columns.get(c);
      Schema.Field named =
          column.role() == Column.Role.FIELD ? record.getField(column.name()) : null;
      fields[c] = named == null ? RecordFields.NONE : named.pos();
      if (named != null) {
        taken[named.pos()] = true;
      }
    }
    for (Schema.Field field : record.getFields()) {
      for (int c = 0; c < fields.length && !taken[field.pos()]; c++) {
        if (fields[c] == RecordFields.NONE && isAlias(field, columns.get(c))) {
          fields[c] = field.pos();
          taken[field.pos()] = true;
        }
      }
    }
    ValueReader[] readers = new ValueReader[fields.length];
    for (int c = 0; c < fields.length; c++) {
      if (fields[c] != RecordFields.NONE) {
        Schema.Field field = record.getFields().get(fields[c]);
        String inner = path.isEmpty() ? field.name() : path + "." + field.name();
        readers[c] = reader(field.schema(), columns.get(c).type(), inner);
      } else if (isPresent(columns.get(c)) && !path.isEmpty()) {
        fields[c] = RecordFields.PRESENT;
      }
    }
    int[] without =
        record.getFields().stream()
            .mapToInt(Schema.Field::pos)
            .filter(field -> !taken[field])
            .toArray();
    return new RecordFields(fields, readers, without, path);
  }

  private static boolean isPresent(Column column) {
    return column.name().equals(PRESENT) && column.type().equals(ColumnType.BOOLEAN);
  }

  private static boolean isAlias(Schema.Field field, Column column) {
    List<String> names = new ArrayList<>(field.aliases());
    names.retainAll(column.aliases());
    return column.role() == Column.Role.FIELD
        && (!names.isEmpty()
            || column.aliases().contains(field.name())
            || field.aliases().contains(column.name()));
  }

  private static ValueReader reader(Schema schema, ColumnType type, String path) {
    return switch (schema.getType()) {
      case NULL -> NULL;
      case UNION -> union(schema, type, path);
      default -> branch(schema, memberName(schema), type, path);
    };
  }

  private static ValueReader union(Schema union, ColumnType type, String path) {
    List<ValueReader> readers = new ArrayList<>();
    ValueReader last = NULL;
    int types = 0;
    for (Schema branch : union.getTypes()) {
      if (branch.getType() == Schema.Type.NULL) {
        readers.add(NULL);
      } else {
        last = branch(branch, memberName(branch, union, type), type, path);
        readers.add(last);
        types++;
      }
    }
    return types > 1 ? new NestedValues.Union(union, readers) : last;
  }

  /**
   * By the branch's type, or by its full name where others have the same and the table knows it.
   */
  private static String memberName(Schema branch, Schema union, ColumnType type) {
    String name = memberName(branch);
    boolean shared = union.getTypes().stream().filter(b -> memberName(b).equals(name)).count() > 1;
    String full = MEMBER + branch.getFullName().toLowerCase(Locale.ROOT).replace('.', '_');
    return shared && member(type, full) >= 0 ? full : name;
  }

  /** A value of a type that is no union: in a union's column it is the member of this name. */
  private static ValueReader branch(Schema schema, String name, ColumnType type, String path) {
    if (!isUnion(type)) {
      return value(schema, type, path);
    }
    int place = member(type, name);
    return place < 0
        ? refused(schema, type, path)
        : new NestedValues.Member(
            type.members().size(), place, reader(schema, type.members().get(place).type(), path));
  }

  private static boolean isUnion(ColumnType type) {
    return type.kind() == Kind.STRUCT
        && type.members().stream().allMatch(member -> member.name().startsWith(MEMBER));
  }

  private static String memberName(Schema branch) {
    return MEMBER + branch.getName().toLowerCase(Locale.ROOT);
  }

  private static int member(ColumnType struct, String name) {
    return struct.members().stream().map(Column::name).toList().indexOf(name);
  }

  private static ValueReader value(Schema schema, ColumnType type, String path) {
    ValueReader reader =
        switch (schema.getType()) {
          case BOOLEAN -> type.kind() == Kind.BOOLEAN ? FlatValues.BOOLEAN : null;
          case INT, LONG -> whole(schema, type, path);
          case FLOAT, DOUBLE -> real(schema, type, path);
          case STRING ->
              switch (type.kind()) {
                case STRING -> FlatValues.TEXT;
                case BINARY -> FlatValues.BINARY;
                default -> null;
              };
          case ENUM -> type.kind() == Kind.STRING ? FlatValues.TEXT : null;
          case BYTES, FIXED -> bytes(schema, type, path);
          case ARRAY ->
              type.kind() == Kind.LIST
                  ? new NestedValues.Items(
                      reader(schema.getElementType(), type.element(), path + "[]"))
                  : null;
          case MAP ->
              type.kind() == Kind.MAP
                  ? new NestedValues.Entries(
                      reader(schema.getValueType(), type.mapValue(), path + "[]"))
                  : null;
          case RECORD ->
              type.kind() == Kind.STRUCT
                  ? new NestedValues.Struct(fields(schema, type.members(), path))
                  : null;
          case NULL, UNION -> throw new IllegalArgumentException(schema.toString());
        };
    return reader == null ? refused(schema, type, path) : reader;
  }

  private static ValueReader refused(Schema schema, ColumnType type, String path) {
    return new FlatValues.Refused(
        path, "a value of type " + schema.getName() + " for a column of type " + type);
  }

  private static ValueReader whole(Schema schema, ColumnType type, String path) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Date) {
      return whole(type, Kind.DATE, 1, path);
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return whole(type, Kind.LONG, MILLIS, path);
    }
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return whole(type, Kind.TIMESTAMP, MILLIS, path);
    }
    if (logical instanceof LogicalTypes.TimestampMicros) {
      return whole(type, Kind.TIMESTAMP, 1, path);
    }
    if (logical instanceof LogicalTypes.LocalTimestampMillis) {
      return whole(type, Kind.TIMESTAMP_NTZ, MILLIS, path);
    }
    if (logical instanceof LogicalTypes.LocalTimestampMicros) {
      return whole(type, Kind.TIMESTAMP_NTZ, 1, path);
    }
    return switch (type.kind()) {
      case INT, LONG -> new FlatValues.Whole(path, type, 1);
      case FLOAT, DOUBLE -> real(schema, type, path);
      default -> null;
    };
  }

  private static ValueReader whole(ColumnType type, Kind wanted, long factor, String path) {
    return type.kind() == wanted ? new FlatValues.Whole(path, type, factor) : null;
  }

  private static ValueReader real(Schema schema, ColumnType type, String path) {
    return switch (type.kind()) {
      case FLOAT -> new FlatValues.Floats(path);
      case DOUBLE -> new FlatValues.Doubles(path, schema.getType() == Schema.Type.LONG);
      default -> null;
    };
  }

  private static ValueReader bytes(Schema schema, ColumnType type, String path) {
    boolean fixed = schema.getType() == Schema.Type.FIXED;
    String logical = schema.getProp(LogicalType.LOGICAL_TYPE_PROP);
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return switch (type.kind()) {
        case DECIMAL -> new FlatValues.Decimals(path, decimal.getScale(), type);
        case STRING -> new FlatValues.DecimalText(path, decimal.getScale());
        default -> null;
      };
    }
    if (fixed && schema.getLogicalType() instanceof LogicalTypes.Uuid) {
      return type.kind() == Kind.STRING ? FlatValues.UUID_TEXT : null;
    }
    if (fixed && schema.getFixedSize() == 12 && "duration".equals(logical)) {
      return isDuration(type) ? NestedValues.DURATION : null;
    }
    return switch (type.kind()) {
      case BINARY -> FlatValues.BINARY;
      case STRING -> fixed ? null : new FlatValues.BytesText(path);
      default -> null;
    };
  }

  private static boolean isDuration(ColumnType type) {
    return type.kind() == Kind.STRUCT
        && type.members().stream().map(Column::name).toList().equals(DURATION)
        && type.members().stream().allMatch(member -> member.type().equals(ColumnType.LONG));
  }
}
