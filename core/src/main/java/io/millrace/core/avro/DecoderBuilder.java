package io.millrace.core.avro;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Chooses the readers that bring a writer schema's values into columns. There is a reader for
 * everything: what a column can't take has one that refuses each such value, so that all other
 * records of the schema become rows.
 */
final class DecoderBuilder {
  private static final int NO_MEMBER = -1;

  /** Whether fields without a column are passed by, or refused where they have a value. */
  private final boolean passUnknown;

  private final List<String> conflicts = new ArrayList<>();
  private String path = "";

  DecoderBuilder(boolean passUnknown) {
    this.passUnknown = passUnknown;
  }

  /** What the columns can't take, a field each, as in {@code order.id: a value of type ...}. */
  List<String> conflicts() {
    return List.copyOf(conflicts);
  }

  /**
   * @param columns may hold others than fields; these are left to the caller
   */
  RecordFields record(Schema record, List<Column> columns) {
    return record(record, columns, NO_MEMBER);
  }

  /**
   * As {@link #record}, for some columns of a table.
   *
   * @param all the table's: a field goes to the same one of them, whichever are chosen
   */
  RecordFields record(Schema record, List<Column> all, List<Column> chosen) {
    int[] targets = FieldPlaces.of(record, all);
    for (int i = 0; i < targets.length; i++) {
      if (targets[i] != RecordFields.NO_COLUMN) {
        targets[i] = chosen.indexOf(all.get(targets[i]));
      }
    }
    return record(record, chosen, NO_MEMBER, targets);
  }

  private RecordFields record(Schema record, List<Column> columns, int present) {
    return record(record, columns, present, FieldPlaces.of(record, columns));
  }

  private RecordFields record(Schema record, List<Column> columns, int present, int[] targets) {
    String around = path;
    List<Schema.Field> fields = record.getFields();
    String[] names = new String[fields.size()];
    FieldReader[] readers = new FieldReader[fields.size()];
    boolean[] filled = new boolean[columns.size()];
    if (present != NO_MEMBER) {
      filled[present] = true;
    }
    for (int i = 0; i < readers.length; i++) {
      Schema.Field field = fields.get(i);
      names[i] = field.name();
      path = around.isEmpty() ? field.name() : around + "." + field.name();
      if (targets[i] == RecordFields.NO_COLUMN) {
        readers[i] = withoutColumn(field, columns);
      } else {
        filled[targets[i]] = true;
        readers[i] = reader(field.schema(), columns.get(targets[i]).type());
      }
    }
    path = around;
    return new RecordFields(names, readers, targets, missing(columns, filled));
  }

  private static int[] missing(List<Column> columns, boolean[] filled) {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < filled.length; i++) {
      if (!filled[i] && columns.get(i).role() == Column.Role.FIELD) {
        missing.add(i);
      }
    }
    return missing.stream().mapToInt(Integer::intValue).toArray();
  }

  private FieldReader withoutColumn(Schema.Field field, List<Column> columns) {
    if (passUnknown) {
      return PassReaders.of(field.schema());
    }
    String reason = FieldPlaces.whyNone(field, columns);
    if (field.schema().getType() != Schema.Type.NULL) {
      conflicts.add(path + ": " + reason);
    }
    return refusing(field.schema(), reason);
  }

  /** Passes nulls by and refuses everything else. */
  private static FieldReader refusing(Schema schema, String reason) {
    return switch (schema.getType()) {
      case NULL -> PassReaders.of(schema);
      case UNION ->
          NestedReaders.union(
              schema.getTypes().stream().map(branch -> refusing(branch, reason)).toList());
      default -> new FlatReaders.Conflict(reason);
    };
  }

  FieldReader reader(Schema schema, ColumnType target) {
    if (schema.getType() == Schema.Type.UNION) {
      return unionReader(schema, target);
    }
    if (schema.getType() == Schema.Type.NULL) {
      return FlatReaders.NULL;
    }
    if (AvroTypes.isMember(schema, AvroTypes.memberName(schema), target)) {
      int place = place(target, AvroTypes.memberName(schema));
      return place < 0 ? conflict(schema, target) : memberReader(schema, target, place);
    }
    return valueReader(schema, target).orElseGet(() -> conflict(schema, target));
  }

  private FieldReader unionReader(Schema union, ColumnType target) {
    List<Schema> branches = AvroTypes.branches(union);
    List<String> names = AvroTypes.memberNames(branches);
    List<FieldReader> readers = new ArrayList<>();
    for (Schema branch : union.getTypes()) {
      int number = branches.indexOf(branch);
      int place =
          number < 0 || !AvroTypes.isUnion(target) ? NO_MEMBER : place(target, names.get(number));
      readers.add(place < 0 ? reader(branch, target) : memberReader(branch, target, place));
    }
    return NestedReaders.union(readers);
  }

  private FieldReader memberReader(Schema branch, ColumnType union, int place) {
    return new NestedReaders.Member(place, reader(branch, union.members().get(place).type()));
  }

  private static int place(ColumnType struct, String member) {
    for (int i = 0; i < struct.members().size(); i++) {
      if (struct.members().get(i).name().equals(member)) {
        return i;
      }
    }
    return NO_MEMBER;
  }

  private FieldReader conflict(Schema schema, ColumnType target) {
    String reason = "a value of type " + shown(schema) + " for a column of type " + target;
    conflicts.add(path + ": " + reason);
    return new FlatReaders.Conflict(reason);
  }

  /** A type in a few words. */
  private static String shown(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED ->
          schema.getType().getName()
              + " "
              + schema.getFullName()
              + (logical == null ? "" : " (" + logical.getName() + ")");
      default ->
          schema.getType().getName() + (logical == null ? "" : " (" + logical.getName() + ")");
    };
  }

  /** Empty where the column can take no value of this type. */
  private Optional<FieldReader> valueReader(Schema schema, ColumnType target) {
    LogicalType logical = schema.getLogicalType();
    return Optional.ofNullable(
        switch (schema.getType()) {
          case BOOLEAN -> target.kind() == ColumnType.Kind.BOOLEAN ? FlatReaders.BOOLEAN : null;
          case INT -> intReader(logical, target.kind());
          case LONG -> longReader(logical, target.kind());
          case FLOAT ->
              switch (target.kind()) {
                case FLOAT -> FlatReaders.FLOAT;
                case DOUBLE -> FlatReaders.FLOAT_TO_DOUBLE;
                default -> null;
              };
          case DOUBLE ->
              switch (target.kind()) {
                case FLOAT -> FlatReaders.DOUBLE_TO_FLOAT;
                case DOUBLE -> FlatReaders.DOUBLE;
                default -> null;
              };
          case STRING ->
              switch (target.kind()) {
                case STRING -> FlatReaders.STRING;
                case BINARY -> FlatReaders.BYTES;
                default -> null;
              };
          case ENUM -> target.kind() == ColumnType.Kind.STRING ? symbols(schema) : null;
          case BYTES, FIXED -> bytesReader(schema, target);
          case ARRAY -> target.kind() == ColumnType.Kind.LIST ? arrayReader(schema, target) : null;
          case MAP -> target.kind() == ColumnType.Kind.MAP ? mapReader(schema, target) : null;
          case RECORD ->
              target.kind() == ColumnType.Kind.STRUCT ? recordReader(schema, target) : null;
          case NULL, UNION -> throw new IllegalArgumentException(schema.toString());
        });
  }

  private static FieldReader intReader(LogicalType logical, ColumnType.Kind target) {
    if (logical instanceof LogicalTypes.Date) {
      return target == ColumnType.Kind.DATE ? FlatReaders.INT : null;
    }
    if (logical instanceof LogicalTypes.TimeMillis) {
      return target == ColumnType.Kind.LONG ? FlatReaders.TIME_MILLIS : null;
    }
    return switch (target) {
      case INT -> FlatReaders.INT;
      case LONG -> FlatReaders.INT_TO_LONG;
      case FLOAT -> FlatReaders.INT_TO_FLOAT;
      case DOUBLE -> FlatReaders.INT_TO_DOUBLE;
      default -> null;
    };
  }

  private static FieldReader longReader(LogicalType logical, ColumnType.Kind target) {
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return target == ColumnType.Kind.TIMESTAMP ? FlatReaders.MILLIS : null;
    }
    if (logical instanceof LogicalTypes.TimestampMicros) {
      return target == ColumnType.Kind.TIMESTAMP ? FlatReaders.LONG : null;
    }
    if (logical instanceof LogicalTypes.LocalTimestampMillis) {
      return target == ColumnType.Kind.TIMESTAMP_NTZ ? FlatReaders.MILLIS : null;
    }
    if (logical instanceof LogicalTypes.LocalTimestampMicros) {
      return target == ColumnType.Kind.TIMESTAMP_NTZ ? FlatReaders.LONG : null;
    }
    return switch (target) {
      case INT -> FlatReaders.LONG_TO_INT;
      case LONG -> FlatReaders.LONG;
      case FLOAT -> FlatReaders.LONG_TO_FLOAT;
      case DOUBLE -> FlatReaders.LONG_TO_DOUBLE;
      default -> null;
    };
  }

  private static FieldReader bytesReader(Schema schema, ColumnType target) {
    int size = schema.getType() == Schema.Type.FIXED ? schema.getFixedSize() : -1;
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return target.kind() == ColumnType.Kind.DECIMAL || target.kind() == ColumnType.Kind.STRING
          ? new DecimalReader(size, decimal.getScale(), target)
          : null;
    }
    if (AvroTypes.isUuid(schema)) {
      return target.kind() == ColumnType.Kind.STRING ? new FlatReaders.UuidText() : null;
    }
    if (AvroTypes.isDuration(schema)) {
      return target.equals(AvroTypes.DURATION) ? NestedReaders.DURATION : null;
    }
    return switch (target.kind()) {
      case BINARY -> size < 0 ? FlatReaders.BYTES : new FlatReaders.Fixed(size);
      case STRING -> size < 0 ? FlatReaders.BYTES_TO_STRING : null;
      default -> null;
    };
  }

  private static FieldReader symbols(Schema schema) {
    return new FlatReaders.Symbol(
        schema.getEnumSymbols().stream()
            .map(symbol -> symbol.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new));
  }

  private FieldReader arrayReader(Schema array, ColumnType target) {
    Schema items = array.getElementType();
    return new NestedReaders.Array(
        reader(items, target.element()), LeastBytes.of(items), target.element().values());
  }

  private FieldReader mapReader(Schema map, ColumnType target) {
    Schema values = map.getValueType();
    return new NestedReaders.Map(
        reader(values, target.mapValue()), LeastBytes.of(values), 1 + target.mapValue().values());
  }

  private FieldReader recordReader(Schema record, ColumnType target) {
    int present = place(target, AvroTypes.PRESENT);
    return new NestedReaders.Record(record(record, target.members(), present), present);
  }
}
