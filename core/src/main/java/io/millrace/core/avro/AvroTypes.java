package io.millrace.core.avro;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.config.NumberTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What Avro types become in a table (docs/types.md). */
final class AvroTypes {
  /**
   * The member of a struct for a record without fields that could be stored: true. Delta and
   * Parquet have no struct without members. No Avro field has such a name.
   */
  static final String PRESENT = "$present";

  /**
   * What the members of a union's struct begin with; the names are those that spark-avro gives them
   * with {@code enableStableIdentifiersForUnionType}.
   */
  static final String MEMBER_PREFIX = "member_";

  /** Months, days and milliseconds of a duration, unsigned 32 bits each (Avro 1.12, "Duration"). */
  static final List<String> DURATION_MEMBERS = List.of("months", "days", "millis");

  static final ColumnType DURATION =
      ColumnType.struct(
          DURATION_MEMBERS.stream().map(name -> Column.field(name, ColumnType.LONG)).toList());

  /**
   * Columns that a record may have with those of the records in it. Each level of named records
   * that are used twice doubles them, so that a short schema could ask for more than memory holds.
   */
  private static final int MOST_COLUMNS = 10_000;

  private final NumberTypes numbers;

  /** Types in the outermost record in hand so far. */
  private int types;

  /** Full names of the records around the type in hand. */
  private final Set<String> open = new HashSet<>();

  AvroTypes(NumberTypes numbers) {
    this.numbers = numbers;
  }

  /** The schema's column type; empty where it has no values but null. */
  Optional<ColumnType> typeOf(Schema schema) throws UnstorableException {
    types = open.isEmpty() ? 0 : types + 1;
    if (types > MOST_COLUMNS) {
      throw new UnstorableException(
          "it has more than %,d columns, with those of records in records".formatted(MOST_COLUMNS),
          "Give the producer a schema with fewer, for example with inner parts as a string.");
    }
    return switch (schema.getType()) {
      case NULL -> Optional.empty();
      case BOOLEAN -> Optional.of(ColumnType.BOOLEAN);
      case INT -> Optional.of(intType(schema.getLogicalType()));
      case LONG -> Optional.of(longType(schema.getLogicalType()));
      case FLOAT ->
          Optional.of(numbers == NumberTypes.EXACT ? ColumnType.FLOAT : ColumnType.DOUBLE);
      case DOUBLE -> Optional.of(ColumnType.DOUBLE);
      case STRING, ENUM -> Optional.of(ColumnType.STRING);
      case BYTES, FIXED -> Optional.of(bytesType(schema));
      case ARRAY -> Optional.of(ColumnType.list(itemType(schema.getElementType())));
      case MAP -> Optional.of(ColumnType.map(itemType(schema.getValueType())));
      case RECORD -> Optional.of(ColumnType.struct(recordMembers(schema)));
      case UNION -> unionType(schema);
    };
  }

  private ColumnType intType(LogicalType logical) {
    if (logical instanceof LogicalTypes.Date) {
      return ColumnType.DATE;
    }
    return numbers == NumberTypes.WIDE || logical instanceof LogicalTypes.TimeMillis
        ? ColumnType.LONG
        : ColumnType.INT;
  }

  private static ColumnType longType(LogicalType logical) {
    if (logical instanceof LogicalTypes.TimestampMillis
        || logical instanceof LogicalTypes.TimestampMicros) {
      return ColumnType.TIMESTAMP;
    }
    return logical instanceof LogicalTypes.LocalTimestampMillis
            || logical instanceof LogicalTypes.LocalTimestampMicros
        ? ColumnType.TIMESTAMP_NTZ
        : ColumnType.LONG;
  }

  private static ColumnType bytesType(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      return decimal.getPrecision() > ColumnType.MAX_PRECISION
          ? ColumnType.STRING
          : ColumnType.decimal(decimal.getPrecision(), decimal.getScale());
    }
    if (isUuid(schema)) {
      return ColumnType.STRING;
    }
    return isDuration(schema) ? DURATION : ColumnType.BINARY;
  }

  /** A UUID in 16 bytes. */
  static boolean isUuid(Schema schema) {
    return schema.getType() == Schema.Type.FIXED
        && schema.getFixedSize() == 16
        && schema.getLogicalType() instanceof LogicalTypes.Uuid;
  }

  static boolean isDuration(Schema schema) {
    return schema.getType() == Schema.Type.FIXED
        && schema.getFixedSize() == 12
        && "duration".equals(schema.getProp(LogicalType.LOGICAL_TYPE_PROP));
  }

  /** Items that can only be null need a column, too: their number is data. */
  private ColumnType itemType(Schema items) throws UnstorableException {
    return typeOf(items).orElse(ColumnType.BOOLEAN);
  }

  /** The columns of a record's fields, without those that can only be null; at least one. */
  private List<Column> recordMembers(Schema record) throws UnstorableException {
    List<Column> members = fields(record);
    return members.isEmpty() ? List.of(Column.field(PRESENT, ColumnType.BOOLEAN)) : members;
  }

  /** The columns of a record's fields, without those that can only be null. */
  List<Column> fields(Schema record) throws UnstorableException {
    if (!open.add(record.getFullName())) {
      throw new UnstorableException(
          "record " + record.getFullName() + " contains itself, and a column's type must end",
          "Give the producer a schema that ends, for example with the inner part as a string.");
    }
    List<Column> members = new ArrayList<>();
    try {
      for (Schema.Field field : record.getFields()) {
        column(field).ifPresent(members::add);
      }
    } finally {
      open.remove(record.getFullName());
    }
    requireDistinct(members);
    return members;
  }

  /** A field's column; empty where it has no values but null. */
  Optional<Column> column(Schema.Field field) throws UnstorableException {
    Optional<ColumnType> type = typeOf(field.schema());
    if (type.isPresent()) {
      requireName(field.name());
    }
    List<String> aliases = field.aliases().stream().sorted().toList();
    return type.map(t -> new Column(field.name(), t, Column.Role.FIELD, aliases));
  }

  private Optional<ColumnType> unionType(Schema union) throws UnstorableException {
    List<Schema> branches = branches(union);
    if (branches.isEmpty()) {
      return Optional.empty();
    }
    if (branches.size() == 1) {
      return typeOf(branches.get(0));
    }
    List<String> names = memberNames(branches);
    List<Column> members = new ArrayList<>();
    for (int i = 0; i < branches.size(); i++) {
      members.add(Column.field(names.get(i), typeOf(branches.get(i)).orElseThrow()));
    }
    requireDistinct(members);
    return Optional.of(ColumnType.struct(members));
  }

  /** A union's branches but null, in order. */
  static List<Schema> branches(Schema union) {
    return union.getTypes().stream().filter(b -> b.getType() != Schema.Type.NULL).toList();
  }

  /** Member names of a union's branches: by type, or by full name where two have one name. */
  static List<String> memberNames(List<Schema> branches) {
    Map<String, Integer> uses = new HashMap<>();
    branches.forEach(branch -> uses.merge(memberName(branch), 1, Integer::sum));
    return branches.stream()
        .map(
            branch ->
                uses.get(memberName(branch)) == 1
                    ? memberName(branch)
                    : MEMBER_PREFIX
                        + branch.getFullName().toLowerCase(Locale.ROOT).replace('.', '_'))
        .toList();
  }

  /** The member that a value of this type goes to. */
  static String memberName(Schema branch) {
    return MEMBER_PREFIX + branch.getName().toLowerCase(Locale.ROOT);
  }

  /** Whether a struct came from a union of several types. */
  static boolean isUnion(ColumnType struct) {
    return struct.kind() == ColumnType.Kind.STRUCT
        && struct.members().stream().allMatch(m -> m.name().startsWith(MEMBER_PREFIX));
  }

  /**
   * Whether a value of this type is one member of the struct, and not the struct itself, as is a
   * record whose own fields are named like members.
   *
   * @param member the name of the member that it would be
   */
  static boolean isMember(Schema value, String member, ColumnType struct) {
    return isUnion(struct)
        && (struct.members().stream().anyMatch(m -> m.name().equals(member))
            || value.getType() != Schema.Type.RECORD
            || !value.getFields().stream().allMatch(f -> f.name().startsWith(MEMBER_PREFIX)));
  }

  private static void requireName(String name) throws UnstorableException {
    if (!Column.isAllowedName(name)) {
      throw new UnstorableException(
          "column name \""
              + name
              + "\" contains a character of \" ,;{}()\\n\\t=\", which Delta does not allow",
          "Rename the field, for example to "
              + name.replaceAll("[ ,;{}()\n\t=]", "_")
              + ", and register the new schema.");
    }
  }

  private static void requireDistinct(List<Column> members) throws UnstorableException {
    Map<String, String> seen = new HashMap<>();
    for (Column member : members) {
      String other = seen.put(member.name().toLowerCase(Locale.ROOT), member.name());
      if (other != null) {
        throw new UnstorableException(
            "fields " + other + " and " + member.name() + " differ only by case",
            "Delta's column names don't: rename one of the fields.");
      }
    }
  }
}
