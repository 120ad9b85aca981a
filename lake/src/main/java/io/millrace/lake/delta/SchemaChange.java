package io.millrace.lake.delta;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.millrace.core.column.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a table's schema when it is asked for more columns. Only additions are made: what
 * is there keeps its place, type, nullability and metadata, but for the aliases it gains.
 *
 * @param schema the table's schema with all that it can take; equal to the one before where it is
 *     asked for nothing new
 * @param refusals what it can't take, in the order in which it was asked for
 */
record SchemaChange(StructType schema, List<SchemaRefusal> refusals) {
  /** Field metadata: other names by which writers know the column, an array of strings. */
  static final String ALIASES = "millrace.aliases";

  SchemaChange {
    refusals = List.copyOf(refusals);
  }

  /**
   * The table's schema, and after its members those of {@code wanted} that it lacks: in the table
   * itself, in structs at any depth, in the items of arrays and the values of maps. What is new is
   * nullable, whatever {@code wanted} says.
   *
   * @param partitionColumns the table's; data files can't hold their values
   */
  static SchemaChange merge(StructType table, List<String> partitionColumns, StructType wanted) {
    Merge merge = new Merge();
    List<StructField> columns = new ArrayList<>();
    for (StructField column : wanted.fields()) {
      if (partitionColumns.stream().anyMatch(column.getName()::equalsIgnoreCase)) {
        merge.refuse(column.getName(), "is the table's partition column and can't be a field too");
      } else {
        columns.add(column);
      }
    }
    StructType schema = merge.struct("", table, new StructType(columns));
    return new SchemaChange(schema, merge.refusals);
  }

  /** A type in words, short for nested ones. */
  static String describe(DataType type) {
    if (type instanceof StructType) {
      return "a struct";
    }
    if (type instanceof ArrayType) {
      return "an array";
    }
    return type instanceof MapType ? "a map" : type.toString();
  }

  static String path(String parent, String member) {
    return parent.isEmpty() ? member : parent + "." + member;
  }

  private static final class Merge {
    private final List<SchemaRefusal> refusals = new ArrayList<>();

    void refuse(String path, String reason) {
      refusals.add(new SchemaRefusal(path, reason));
    }

    StructType struct(String path, StructType table, StructType wanted) {
      List<StructField> fields = new ArrayList<>(table.fields());
      for (StructField field : wanted.fields()) {
        String name = field.getName();
        String place = path(path, name);
        int same = indexOf(fields, name);
        Optional<String> clash =
            fields.stream()
                .map(StructField::getName)
                .filter(other -> other.equalsIgnoreCase(name))
                .findFirst();
        if (same >= 0) {
          fields.set(same, field(place, fields.get(same), field));
        } else if (clash.isPresent()) {
          refuse(place, "differs only by case from " + path(path, clash.get()));
        } else if (!Column.isAllowedName(name)) {
          refuse(place, "has a name that Delta does not allow");
        } else {
          addition(place, field.getDataType())
              .map(type -> new StructField(name, type, true, field.getMetadata()))
              .ifPresent(fields::add);
        }
      }
      return new StructType(fields);
    }

    private StructField field(String path, StructField table, StructField wanted) {
      return type(path, table.getDataType(), wanted.getDataType())
          .map(type -> type.equals(table.getDataType()) ? table : table.withDataType(type))
          .map(field -> withAliases(field, wanted.getMetadata()))
          .orElse(table);
    }

    /** The table's type with what it lacks, empty where the two can't be the same column. */
    private Optional<DataType> type(String path, DataType table, DataType wanted) {
      if (table instanceof StructType struct && wanted instanceof StructType more) {
        return Optional.of(struct(path, struct, more));
      }
      if (table instanceof ArrayType array && wanted instanceof ArrayType more) {
        return type(path(path, "element"), array.getElementType(), more.getElementType())
            .map(type -> new ArrayType(array.getElementField().withDataType(type)));
      }
      if (table instanceof MapType map && wanted instanceof MapType more) {
        // Which entries of a map are the same depends on the whole key: a key never gains members.
        if (!map.getKeyType().equals(more.getKeyType())) {
          return conflict(path(path, "key"), map.getKeyType(), more.getKeyType());
        }
        return type(path(path, "value"), map.getValueType(), more.getValueType())
            .map(type -> new MapType(map.getKeyField(), map.getValueField().withDataType(type)));
      }
      return table.equals(wanted) ? Optional.of(table) : conflict(path, table, wanted);
    }

    private Optional<DataType> conflict(String path, DataType table, DataType wanted) {
      String is = describe(table);
      String would = describe(wanted);
      refuse(
          path,
          "is %s in the table and can't become %s"
              .formatted(is, would.equals(is) ? "another" : would));
      return Optional.empty();
    }

    /** A type that the table does not have yet, everything in it nullable. */
    private Optional<DataType> addition(String path, DataType wanted) {
      if (wanted instanceof StructType struct) {
        StructType members = struct(path, new StructType(), struct);
        if (members.length() > 0) {
          return Optional.of(members);
        }
        refuse(path, "would be a struct without members");
        return Optional.empty();
      }
      if (wanted instanceof ArrayType array) {
        return addition(path(path, "element"), array.getElementType())
            .map(type -> new ArrayType(type, true));
      }
      if (wanted instanceof MapType map) {
        return addition(path(path, "key"), map.getKeyType())
            .flatMap(
                key ->
                    addition(path(path, "value"), map.getValueType())
                        .map(value -> new MapType(key, value, true)));
      }
      return Optional.of(wanted);
    }

    private static int indexOf(List<StructField> fields, String name) {
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i).getName().equals(name)) {
          return i;
        }
      }
      return -1;
    }

    private static StructField withAliases(StructField field, FieldMetadata wanted) {
      Set<String> all = new LinkedHashSet<>(aliases(field.getMetadata()));
      if (!all.addAll(aliases(wanted))) {
        return field;
      }
      return field.withNewMetadata(
          FieldMetadata.builder()
              .fromMetadata(field.getMetadata())
              .putStringArray(ALIASES, all.toArray(new String[0]))
              .build());
    }

    private static List<String> aliases(FieldMetadata metadata) {
      return metadata.get(ALIASES) instanceof String[] names ? Arrays.asList(names) : List.of();
    }
  }
}
