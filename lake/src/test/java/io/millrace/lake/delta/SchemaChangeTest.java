package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaChangeTest {
  private static final DataType TEXT = StringType.STRING;
  private static final DataType LONG = LongType.LONG;
  private static final FieldMetadata COMMENT =
      FieldMetadata.builder().putString("comment", "what it is").build();

  @Test
  void newColumnsComeLastAndNothingElseMoves() {
    StructType table =
        new StructType().add("b", TEXT, false, COMMENT).add("a", LONG).add("day", TEXT);
    StructType wanted = new StructType().add("new", LONG, false).add("a", LONG, false, COMMENT);

    SchemaChange change = SchemaChange.merge(table, List.of("day"), wanted);

    assertThat(change.refusals()).isEmpty();
    assertThat(change.schema()).isEqualTo(table.add("new", LONG, true));
  }

  @Test
  void membersAreAddedAtAnyDepth() {
    StructType table = new StructType().add("s", nested(struct("x"), false), false, COMMENT);
    StructType wanted = new StructType().add("s", nested(struct("y", "x"), true));

    SchemaChange change = SchemaChange.merge(table, List.of(), wanted);

    assertThat(change.refusals()).isEmpty();
    assertThat(change.schema())
        .isEqualTo(new StructType().add("s", nested(struct("x", "y"), false), false, COMMENT));
  }

  /** A struct of an array of maps of structs. */
  private static StructType nested(StructType innermost, boolean nullable) {
    return new StructType()
        .add("list", new ArrayType(new MapType(TEXT, innermost, nullable), nullable), nullable);
  }

  private static StructType struct(String... members) {
    StructType struct = new StructType();
    for (String member : members) {
      struct = struct.add(member, LONG);
    }
    return struct;
  }

  @Test
  void aNewNestedColumnIsNullableThroughout() {
    StructType wanted =
        new StructType().add("s", nested(new StructType().add("x", LONG, false), false), false);

    SchemaChange change = SchemaChange.merge(struct("a"), List.of(), wanted);

    assertThat(change.schema()).isEqualTo(struct("a").add("s", nested(struct("x"), true), true));
  }

  @Test
  void whatContradictsIsRefusedAndTheRestTaken() {
    StructType key = struct("k");
    StructType table =
        new StructType()
            .add("n", LONG)
            .add("Name", TEXT)
            .add("d", new DecimalType(10, 2))
            .add("s", struct("x").add("list", new ArrayType(LONG, true)))
            .add("m", new MapType(key, LONG, true))
            .add("day", TEXT);
    StructType wanted =
        new StructType()
            .add("n", TEXT)
            .add("name", TEXT)
            .add("d", new DecimalType(12, 2))
            .add(
                "s",
                struct("X")
                    .add("list", new ArrayType(struct("y"), true))
                    .add("bad name", LONG)
                    .add("good", LONG))
            .add("m", new MapType(struct("k", "l"), LONG, true))
            .add("Day", TEXT)
            .add("twice", struct("in", "IN"))
            .add("TWICE", LONG)
            .add("hollow", new ArrayType(new StructType(), true))
            .add("last", LONG);

    SchemaChange change = SchemaChange.merge(table, List.of("day"), wanted);

    assertThat(change.refusals())
        .extracting(SchemaRefusal::toString)
        .containsExactly(
            "column Day is the table's partition column and can't be a field too",
            "column n is long in the table and can't become string",
            "column name differs only by case from Name",
            "column d is Decimal(10, 2) in the table and can't become Decimal(12, 2)",
            "column s.X differs only by case from s.x",
            "column s.list.element is long in the table and can't become a struct",
            "column s.bad name has a name that Delta does not allow",
            "column m.key is a struct in the table and can't become another",
            "column twice.IN differs only by case from twice.in",
            "column TWICE differs only by case from twice",
            "column hollow.element would be a struct without members");
    assertThat(change.schema())
        .isEqualTo(
            new StructType()
                .add("n", LONG)
                .add("Name", TEXT)
                .add("d", new DecimalType(10, 2))
                .add("s", struct("x").add("list", new ArrayType(LONG, true)).add("good", LONG))
                .add("m", new MapType(key, LONG, true))
                .add("day", TEXT)
                .add("twice", struct("in"))
                .add("last", LONG));
  }

  @Test
  void aliasesAreUnited() {
    StructType table =
        new StructType()
            .add(field("a", LONG, "old", "older"))
            .add(new StructField("b", struct("x"), true, COMMENT))
            .add(field("c", LONG, "old c"));
    StructType wanted =
        new StructType()
            .add(field("a", LONG, "older", "oldest"))
            .add(field("b", new StructType().add(field("x", LONG, "x1")), "b1"))
            .add(field("c", TEXT, "not this one"))
            .add(field("d", LONG, "d1"));

    StructType merged = SchemaChange.merge(table, List.of(), wanted).schema();

    assertThat(aliases(merged.get("a"))).containsExactly("old", "older", "oldest");
    assertThat(aliases(merged.get("b"))).containsExactly("b1");
    assertThat(merged.get("b").getMetadata().getString("comment")).isEqualTo("what it is");
    assertThat(aliases(((StructType) merged.get("b").getDataType()).get("x")))
        .containsExactly("x1");
    assertThat(aliases(merged.get("c"))).containsExactly("old c");
    assertThat(aliases(merged.get("d"))).containsExactly("d1");
    assertThat(SchemaChange.merge(merged, List.of(), wanted).schema())
        .as("asked for the same again")
        .isEqualTo(merged);
  }

  private static StructField field(String name, DataType type, String... aliases) {
    FieldMetadata metadata =
        FieldMetadata.builder().putStringArray(SchemaChange.ALIASES, aliases).build();
    return new StructField(name, type, true, metadata);
  }

  private static String[] aliases(StructField field) {
    return field.getMetadata().getStringArray(SchemaChange.ALIASES);
  }

  @Test
  void filesFitWhatWasOnlyAddedTo() {
    StructType before = new StructType().add("s", nested(struct("x"), true)).add("a", LONG);
    StructType now =
        new StructType()
            .add("first", TEXT)
            .add("s", nested(struct("y", "x"), true), true, COMMENT)
            .add("a", LONG);
    assertThat(DeltaSchema.obstacle(before, now)).isEmpty();
    assertThat(DeltaSchema.obstacle(now, before)).contains("column first is gone");
  }

  @Test
  void filesDoNotFitWhatIsMissingOtherOrRequiredInside() {
    StructType before = new StructType().add("s", nested(struct("x"), true));
    assertThat(DeltaSchema.obstacle(before, now(struct("y"), true)))
        .contains("column s.list.element.value.x is gone");
    assertThat(DeltaSchema.obstacle(before, now(new StructType().add("x", TEXT), true)))
        .contains("column s.list.element.value.x was long and is string");
    assertThat(DeltaSchema.obstacle(before, now(struct("x").add("y", LONG, false), true)))
        .contains("column s.list.element.value.y is new and NOT NULL");
    assertThat(DeltaSchema.obstacle(before, now(struct("x"), false)))
        .contains("column s.list became NOT NULL");
    assertThat(DeltaSchema.obstacle(now(struct("x"), false), now(struct("x"), false))).isEmpty();
    assertThat(DeltaSchema.obstacle(before, new StructType().add("s", TEXT)))
        .contains("column s was a struct and is string");
    assertThat(DeltaSchema.obstacle(map(TEXT, true), map(LONG, true)))
        .contains("column m.key was string and is long");
    assertThat(DeltaSchema.obstacle(map(TEXT, true), map(TEXT, false)))
        .contains("column m.value became NOT NULL");
  }

  private static StructType now(StructType innermost, boolean nullable) {
    return new StructType().add("s", nested(innermost, nullable));
  }

  private static StructType map(DataType key, boolean nullable) {
    return new StructType().add("m", new MapType(key, LONG, nullable));
  }
}
