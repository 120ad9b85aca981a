package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.FieldMetadata;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.lake.ledger.Ledger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that gained columns is read right by a reader that shares no code with Delta Kernel. */
class DeltaRsSchemaIT {
  @TempDir Path directory;

  @Test
  void addedColumnsAreReadWithTheirValuesAndNullBefore() throws Exception {
    PythonEnvironment python = PythonEnvironment.with("deltalake==1.6.6");
    Configuration hadoop = LakeConfiguration.of(Map.of());
    Path path = directory.resolve("t");
    StructType first =
        new StructType()
            .add("local", TimestampNTZType.TIMESTAMP_NTZ)
            .add("list", new ArrayType(new StructType().add("x", LongType.LONG), true));
    FieldMetadata aliases =
        FieldMetadata.builder().putStringArray(SchemaChange.ALIASES, new String[] {"mehr"}).build();
    StructType second =
        new StructType()
            .add("list", new ArrayType(new StructType().add("y", LongType.LONG), true))
            .add("more", LongType.LONG, aliases);
    StructType schema;
    try (DeltaTable table =
        DeltaTable.create(
            "file:" + path,
            hadoop,
            TestFiles.LAYOUT,
            Optional.empty(),
            Map.of("delta.checkpointInterval", "3"))) {
      Ledger one = TestFiles.start("s").advance(List.of(rows(0, 0, 3)), "a");
      table.commit(List.of(TestFiles.write(hadoop, table.path(), rows(0, 0, 3))), one);
      assertThat(table.evolveTo(first)).isEmpty();
      assertThat(table.evolveTo(second)).isEmpty();
      Ledger two = one.advance(List.of(rows(0, 3, 6)), "b");
      table.commit(List.of(TestFiles.writeWith("more", hadoop, table.path(), rows(0, 3, 6))), two);
      schema = DeltaSchema.of(TestFiles.LAYOUT, Optional.empty());
      schema = SchemaChange.merge(schema, List.of(), first).schema();
      schema = SchemaChange.merge(schema, List.of(), second).schema();
    }

    PythonEnvironment.Result result =
        python.run(
            Path.of("src", "test", "resources", "columns.py").toAbsolutePath(),
            path.toString(),
            "more");

    assertThat(result.exitCode()).as(result.output()).isZero();
    ObjectMapper json = new ObjectMapper();
    JsonNode read = json.readTree(result.output());
    assertThat(read.get("version").asInt()).isEqualTo(4);
    assertThat(read.get("schema")).isEqualTo(json.readTree(schema.toJson()));
    assertThat(read.get("offsets"))
        .extracting(JsonNode::asLong)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    List<String> values = new ArrayList<>();
    read.get("values").forEach(value -> values.add(value.asText()));
    assertThat(values).containsExactly("null", "null", "null", "3", "4", "5");
  }
}
