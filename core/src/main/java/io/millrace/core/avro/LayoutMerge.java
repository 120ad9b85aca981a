package io.millrace.core.avro;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.config.NumberTypes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Adds to columns what a writer schema has beside them: columns for new fields, members for new
 * fields of records and new branches of unions, other names. Nothing that is there changes; what
 * can't be added is left out, and said.
 */
final class LayoutMerge {
  private final AvroTypes types;
  private final List<String> refusals = new ArrayList<>();

  LayoutMerge(NumberTypes numbers) {
    types = new AvroTypes(numbers);
  }

  /** What could not be added, as in {@code order.next: record test.Order contains itself ...}. */
  List<String> refusals() {
    return List.copyOf(refusals);
  }

  /** The columns, and after them those of fields that have none. */
  List<Column> merge(List<Column> columns, Schema record, String path) {
    List<Column> merged = new ArrayList<>(columns);
    int[] places = FieldPlaces.of(record, columns);
    for (int i = 0; i < places.length; i++) {
      Schema.Field field = record.getFields().get(i);
      String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
      if (places[i] == RecordFields.NO_COLUMN) {
        add(field, merged, fieldPath);
      } else {
        merged.set(places[i], merge(merged.get(places[i]), field, fieldPath));
      }
    }
    return merged;
  }

  private void add(Schema.Field field, List<Column> columns, String path) {
    try {
      Optional<Column> added = types.column(field);
      if (added.isPresent()) {
        if (columns.stream().anyMatch(c -> c.name().equalsIgnoreCase(field.name()))) {
          refusals.add(path + ": " + FieldPlaces.whyNone(field, columns));
        } else {
          columns.add(added.get());
        }
      }
    } catch (UnstorableException e) {
      refusals.add(path + ": " + e.getMessage());
    }
  }

  private Column merge(Column column, Schema.Field field, String path) {
    Set<String> aliases = new LinkedHashSet<>(column.aliases());
    aliases.add(field.name());
    field.aliases().stream().sorted().forEach(aliases::add);
    aliases.remove(column.name());
    return new Column(
        column.name(),
        merge(column.type(), field.schema(), path),
        column.role(),
        List.copyOf(aliases));
  }

  /** The type, and in it what the values of the schema have beside it. */
  ColumnType merge(ColumnType type, Schema schema, String path) {
    if (schema.getType() == Schema.Type.NULL) {
      return type;
    }
    if (schema.getType() == Schema.Type.UNION) {
      return mergeUnion(type, AvroTypes.branches(schema), path);
    }
    return AvroTypes.isMember(schema, AvroTypes.memberName(schema), type)
        ? mergeUnion(type, List.of(schema), path)
        : mergeValue(type, schema, path);
  }

  private ColumnType mergeValue(ColumnType type, Schema schema, String path) {
    return switch (schema.getType()) {
      case RECORD ->
          type.kind() == ColumnType.Kind.STRUCT
              ? ColumnType.struct(merge(type.members(), schema, path))
              : type;
      case ARRAY ->
          type.kind() == ColumnType.Kind.LIST
              ? ColumnType.list(merge(type.element(), schema.getElementType(), path + "[]"))
              : type;
      case MAP ->
          type.kind() == ColumnType.Kind.MAP
              ? ColumnType.map(merge(type.mapValue(), schema.getValueType(), path + "[]"))
              : type;
      default -> type;
    };
  }

  private ColumnType mergeUnion(ColumnType type, List<Schema> branches, String path) {
    if (!AvroTypes.isUnion(type)) {
      ColumnType merged = type;
      for (Schema branch : branches) {
        merged = mergeValue(merged, branch, path);
      }
      return merged;
    }
    List<String> names =
        branches.size() == 1
            ? List.of(AvroTypes.memberName(branches.get(0)))
            : AvroTypes.memberNames(branches);
    List<Column> members = new ArrayList<>(type.members());
    for (int i = 0; i < names.size(); i++) {
      if (!AvroTypes.isMember(branches.get(i), names.get(i), type)) {
        return mergeValue(type, branches.get(i), path);
      }
      mergeMember(members, names.get(i), branches.get(i), path);
    }
    return ColumnType.struct(members);
  }

  private void mergeMember(List<Column> members, String name, Schema branch, String path) {
    for (int i = 0; i < members.size(); i++) {
      Column member = members.get(i);
      if (member.name().equals(name)) {
        members.set(i, Column.field(name, merge(member.type(), branch, path + "." + name)));
        return;
      }
    }
    try {
      members.add(Column.field(name, types.typeOf(branch).orElseThrow()));
    } catch (UnstorableException e) {
      refusals.add(path + "." + name + ": " + e.getMessage());
    }
  }
}
