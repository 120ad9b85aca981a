package io.millrace.cli.schema;

import io.millrace.cli.schema.SchemaChange.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** What differs between two Avro schemas, a field at a time, nested ones included. */
final class SchemaDiff {
  private static final Map<Schema.Type, Set<Schema.Type>> PROMOTIONS =
      Map.of(
          Schema.Type.INT, Set.of(Schema.Type.LONG, Schema.Type.FLOAT, Schema.Type.DOUBLE),
          Schema.Type.LONG, Set.of(Schema.Type.FLOAT, Schema.Type.DOUBLE),
          Schema.Type.FLOAT, Set.of(Schema.Type.DOUBLE),
          Schema.Type.STRING, Set.of(Schema.Type.BYTES),
          Schema.Type.BYTES, Set.of(Schema.Type.STRING));

  private final List<SchemaChange> changes = new ArrayList<>();

  /** Pairs of records being compared or compared: a record may contain itself. */
  private final Set<List<String>> seen = new HashSet<>();

  private SchemaDiff() {}

  /** In the order of the new schema's fields; empty where the schemas say the same. */
  static List<SchemaChange> of(Schema old, Schema next) {
    SchemaDiff diff = new SchemaDiff();
    diff.compare("", old, next);
    return List.copyOf(diff.changes);
  }

  private void compare(String path, Schema old, Schema next) {
    if (old.getType() == Schema.Type.UNION || next.getType() == Schema.Type.UNION) {
      compareUnions(path, old, next);
      return;
    }
    if (old.getType() != next.getType() || !sameLogicalType(old, next)) {
      boolean promoted =
          old.getLogicalType() == null
              && next.getLogicalType() == null
              && PROMOTIONS.getOrDefault(old.getType(), Set.of()).contains(next.getType());
      changedType(path, promoted ? Kind.PROMOTED : Kind.TYPE_CHANGED, old, next);
      return;
    }
    switch (next.getType()) {
      case RECORD -> compareRecords(path, old, next);
      case ENUM -> compareEnums(path, old, next);
      case FIXED -> {
        if (old.getFixedSize() != next.getFixedSize()) {
          changedType(path, Kind.TYPE_CHANGED, old, next);
        } else {
          compareNames(path, old, next);
        }
      }
      case ARRAY -> compare(path + "[]", old.getElementType(), next.getElementType());
      case MAP -> compare(path + "{}", old.getValueType(), next.getValueType());
      default -> compareProperties(path, old.getObjectProps(), next.getObjectProps());
    }
  }

  private void changedType(String path, Kind kind, Schema old, Schema next) {
    add(
        path,
        kind,
        "%s from %s to %s"
            .formatted(
                kind == Kind.PROMOTED ? "promoted" : "type changed",
                SchemaWords.type(old),
                SchemaWords.type(next)));
  }

  private static boolean sameLogicalType(Schema old, Schema next) {
    return Objects.equals(old.getLogicalType(), next.getLogicalType());
  }

  private void compareRecords(String path, Schema old, Schema next) {
    if (!seen.add(List.of(old.getFullName(), next.getFullName()))) {
      return;
    }
    compareNames(path, old, next);
    Map<String, Schema.Field> left = new LinkedHashMap<>();
    old.getFields().forEach(field -> left.put(field.name(), field));
    List<Integer> places = new ArrayList<>();
    for (Schema.Field field : next.getFields()) {
      Optional<Schema.Field> before = before(field, left, next);
      if (before.isPresent()) {
        left.remove(before.get().name());
        places.add(before.get().pos());
        compareFields(path, before.get(), field);
      } else {
        add(
            inside(path, field),
            Kind.ADDED,
            "added, "
                + SchemaWords.type(field.schema())
                + ", "
                + (field.hasDefaultValue() ? "default " : "")
                + SchemaWords.defaultOf(field));
      }
    }
    left.values()
        .forEach(
            field ->
                add(
                    inside(path, field),
                    Kind.REMOVED,
                    "removed, was " + SchemaWords.type(field.schema())));
    if (!places.equals(places.stream().sorted().toList())) {
      add(path, Kind.ORDER_CHANGED, "the fields are in another order");
    }
  }

  /** The old field of this name, or of one of its aliases that is no new field's name. */
  private static Optional<Schema.Field> before(
      Schema.Field field, Map<String, Schema.Field> old, Schema next) {
    if (old.containsKey(field.name())) {
      return Optional.of(old.get(field.name()));
    }
    return field.aliases().stream()
        .sorted()
        .filter(alias -> next.getField(alias) == null && old.containsKey(alias))
        .findFirst()
        .map(old::get);
  }

  private void compareFields(String path, Schema.Field old, Schema.Field next) {
    String inside = inside(path, next);
    if (!old.name().equals(next.name())) {
      add(inside, Kind.RENAMED, "renamed from " + old.name() + " (by alias)");
    }
    String oldDefault = SchemaWords.defaultOf(old);
    String nextDefault = SchemaWords.defaultOf(next);
    compare(inside, old.schema(), next.schema());
    if (!oldDefault.equals(nextDefault)) {
      add(
          inside,
          Kind.DEFAULT_CHANGED,
          "default changed from %s to %s".formatted(oldDefault, nextDefault));
    }
    if (old.name().equals(next.name()) && !old.aliases().equals(next.aliases())) {
      add(
          inside,
          Kind.ALIASES_CHANGED,
          "aliases changed from %s to %s"
              .formatted(
                  old.aliases().stream().sorted().toList(),
                  next.aliases().stream().sorted().toList()));
    }
    if (old.order() != next.order()) {
      add(
          inside,
          Kind.PROPERTY_CHANGED,
          "sort order changed from %s to %s".formatted(old.order(), next.order()));
    }
    compareDocs(inside, old.doc(), next.doc());
    compareProperties(inside, old.getObjectProps(), next.getObjectProps());
  }

  private void compareEnums(String path, Schema old, Schema next) {
    compareNames(path, old, next);
    List<String> kept = new ArrayList<>(old.getEnumSymbols());
    kept.retainAll(next.getEnumSymbols());
    next.getEnumSymbols().stream()
        .filter(symbol -> !kept.contains(symbol))
        .forEach(symbol -> add(path, Kind.SYMBOL_ADDED, "enum symbol " + symbol + " added"));
    old.getEnumSymbols().stream()
        .filter(symbol -> !kept.contains(symbol))
        .forEach(symbol -> add(path, Kind.SYMBOL_REMOVED, "enum symbol " + symbol + " removed"));
    List<String> order = new ArrayList<>(next.getEnumSymbols());
    order.retainAll(kept);
    if (!order.equals(kept)) {
      add(path, Kind.ORDER_CHANGED, "the enum's symbols are in another order");
    }
    if (!Objects.equals(old.getEnumDefault(), next.getEnumDefault())) {
      add(
          path,
          Kind.DEFAULT_CHANGED,
          "default symbol changed from %s to %s"
              .formatted(
                  Objects.requireNonNullElse(old.getEnumDefault(), "none"),
                  Objects.requireNonNullElse(next.getEnumDefault(), "none")));
    }
  }

  private void compareUnions(String path, Schema old, Schema next) {
    if (old.isNullable() != next.isNullable()) {
      add(
          path,
          Kind.NULLABLE_CHANGED,
          next.isNullable() ? "may be null now" : "may no longer be null");
    }
    Map<String, Schema> left = branches(old);
    Map<String, Schema> right = branches(next);
    if (left.size() == 1 && right.size() == 1) {
      compare(path, left.values().iterator().next(), right.values().iterator().next());
    } else {
      right.forEach(
          (name, branch) -> {
            Schema before = left.remove(name);
            if (before != null) {
              compare(path + "<" + name + ">", before, branch);
            } else {
              add(path, Kind.BRANCH_ADDED, "may also be " + SchemaWords.type(branch));
            }
          });
      left.values()
          .forEach(
              branch ->
                  add(path, Kind.BRANCH_REMOVED, "may no longer be " + SchemaWords.type(branch)));
    }
    List<String> order = new ArrayList<>(names(next));
    List<String> kept = new ArrayList<>(names(old));
    order.retainAll(kept);
    kept.retainAll(order);
    if (!order.equals(kept)) {
      add(path, Kind.ORDER_CHANGED, "the union's branches are in another order");
    }
  }

  private static List<String> names(Schema union) {
    return union.getType() == Schema.Type.UNION
        ? union.getTypes().stream().map(Schema::getFullName).toList()
        : List.of(union.getFullName());
  }

  /** All but null, by name. */
  private static Map<String, Schema> branches(Schema schema) {
    Map<String, Schema> branches = new LinkedHashMap<>();
    for (Schema branch :
        schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema)) {
      if (branch.getType() != Schema.Type.NULL) {
        branches.put(branch.getFullName(), branch);
      }
    }
    return branches;
  }

  private void compareNames(String path, Schema old, Schema next) {
    if (!old.getFullName().equals(next.getFullName())) {
      add(
          path,
          Kind.RENAMED,
          "%s %s renamed to %s%s"
              .formatted(
                  next.getType().getName(),
                  old.getFullName(),
                  next.getFullName(),
                  next.getAliases().contains(old.getFullName()) ? " (by alias)" : ""));
    } else if (!old.getAliases().equals(next.getAliases())) {
      add(
          path,
          Kind.ALIASES_CHANGED,
          "aliases changed from %s to %s"
              .formatted(
                  old.getAliases().stream().sorted().toList(),
                  next.getAliases().stream().sorted().toList()));
    }
    compareDocs(path, old.getDoc(), next.getDoc());
    compareProperties(path, old.getObjectProps(), next.getObjectProps());
  }

  private void compareDocs(String path, String old, String next) {
    if (!Objects.equals(old, next)) {
      add(path, Kind.DOC_CHANGED, "doc changed");
    }
  }

  private void compareProperties(String path, Map<String, Object> old, Map<String, Object> next) {
    Set<String> names = new java.util.TreeSet<>(old.keySet());
    names.addAll(next.keySet());
    for (String name : names) {
      if (!Objects.equals(old.get(name), next.get(name))) {
        add(
            path,
            Kind.PROPERTY_CHANGED,
            "property %s changed from %s to %s"
                .formatted(name, old.getOrDefault(name, "none"), next.getOrDefault(name, "none")));
      }
    }
  }

  private static String inside(String path, Schema.Field field) {
    return path.isEmpty() ? field.name() : path + "." + field.name();
  }

  private void add(String path, Kind kind, String words) {
    changes.add(new SchemaChange(path, kind, words));
  }
}
