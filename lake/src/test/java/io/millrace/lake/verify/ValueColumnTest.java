package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.VariantType;
import io.millrace.core.config.StreamConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValueColumnTest {
  @Test
  void columnsKnowTheOtherNamesThatTheTableKeepsForTheirFields() {
    FieldMetadata aliases =
        FieldMetadata.builder().putStringArray("millrace.aliases", new String[] {"b"}).build();
    StructField flat = new StructField("a", LongType.LONG, true, aliases);
    StructType schema =
        new StructType(
            List.of(flat, new StructField("nested", new StructType(List.of(flat)), true)));

    List<ValueColumn> columns = columns(schema, new ArrayList<>());

    assertThat(columns.get(0).aliases()).containsExactly("b");
    assertThat(columns.get(1).aliases()).isEmpty();
    assertThat(columns.get(1).type().members().get(0).aliases()).containsExactly("b");
  }

  @Test
  void columnsOfTypesThatWeDontHaveAreNamed() {
    List<String> unknown = new ArrayList<>();
    StructType schema =
        new StructType()
            .add("kafka_partition", LongType.LONG)
            .add("s", new StructType().add("v", VariantType.VARIANT));

    assertThat(columns(schema, unknown)).isEmpty();
    assertThat(unknown).singleElement().asString().startsWith("s (struct(");
  }

  private static List<ValueColumn> columns(StructType schema, List<String> unknown) {
    return ValueColumn.of(schema, Set.of(), StreamConfig.of("s", "t", "/table"), unknown);
  }
}
