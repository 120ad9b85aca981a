package io.millrace.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of every type, and nested ones of each, as delta-rs and pyarrow read them. */
class NestedReadersIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @Test
  void deltaRsAndPyarrowReadWhatWasWritten() throws Exception {
    Configuration hadoop = LakeConfiguration.of(Map.of());
    String path = directory.resolve("table").toString();
    TableLayout layout = layout();
    List<Object[]> rows = new RandomRows(new Random(1), 0.15, 3).rows(layout, 500);
    DataFile file;
    try (DeltaTable table = DeltaTable.create(path, hadoop, layout, Optional.empty(), Map.of())) {
      ColumnFileWriter writer =
          ColumnFileWriter.open(
              hadoop,
              new org.apache.hadoop.fs.Path(table.path(), "part.parquet"),
              Map.of(),
              layout,
              Compression.ZSTD,
              1);
      writer.write(Rows.batch(layout, rows.subList(0, 200)), null, 0);
      writer.write(Rows.batch(layout, rows.subList(200, 500)), null, 0);
      file = writer.close();
      Ledger ledger = Ledger.initial("events", "events", "dG9waWMtaWQ", "cluster", "test");
      table.commit(List.of(file), ledger.advance(List.of(new Taken(0, 0, 500, 500, 0, 0, 0)), "a"));
    }

    PythonEnvironment.Result result =
        PythonEnvironment.with("deltalake==1.6.6", "pyarrow==23.0.0")
            .run(
                Path.of("src", "test", "resources", "nested.py").toAbsolutePath(),
                path,
                Path.of(path, "part.parquet").toString());

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode read = JSON.readTree(result.output());
    JsonNode expected = JSON.valueToTree(rows.stream().map(NestedReadersIT::plain).toList());
    assertThat(read.get("delta")).isEqualTo(expected);
    assertThat(read.get("file")).isEqualTo(expected);
  }

  /** Each flat type alone, in a struct in a list, and in a list in a map in a struct. */
  private static TableLayout layout() {
    List<ColumnType> types = new ArrayList<>(RandomRows.FLAT);
    for (ColumnType flat : RandomRows.FLAT) {
      Column member = Column.field("m", flat);
      types.add(ColumnType.list(ColumnType.struct(List.of(member))));
      types.add(
          ColumnType.struct(
              List.of(member, Column.field("map", ColumnType.map(ColumnType.list(flat))))));
    }
    return Rows.layout(types);
  }

  private static List<Object> plain(Object[] row) {
    List<Object> values = new ArrayList<>();
    for (Object value : row) {
      values.add(plain(value));
    }
    return values;
  }

  /** As the script has it. */
  private static Object plain(Object value) {
    if (value == null || value instanceof Boolean || value instanceof String) {
      return value;
    } else if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(item)));
      return items;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new LinkedHashMap<>();
      map.forEach((key, item) -> entries.put(key, plain(item)));
      return entries;
    } else if (value instanceof Float number) {
      return Integer.toString(Float.floatToRawIntBits(number));
    } else if (value instanceof Double number) {
      return Long.toString(Double.doubleToRawLongBits(number));
    } else if (value instanceof ByteBuffer bytes) {
      return HexFormat.of().formatHex(bytes.array());
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return value.toString();
  }
}
