package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaTableTest {
  private static final String STREAM = "events";

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());

  @Test
  void committedRowsAndLedgerAreReadBack() throws IOException {
    String path = directory.resolve("a table").toString();
    Ledger ledger = TestFiles.start(STREAM);
    try (DeltaTable table = create(path, Map.of())) {
      for (int batch = 0; batch < 5; batch++) {
        ledger = append(table, ledger, rows(0, batch * 10L, batch * 10L + 10));
      }
      assertThat(table.version()).isEqualTo(5);
    }

    assertThat(TableRows.longs("file:" + path, hadoop, "kafka_offset"))
        .containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
    try (DeltaTable reopened = DeltaTable.open(path, hadoop).orElseThrow()) {
      assertThat(reopened.version()).isEqualTo(5);
      assertThat(reopened.path()).isEqualTo("file:" + path);
      assertThat(reopened.ledger(STREAM)).contains(ledger);
      assertThat(reopened.layout(KafkaColumns.DEFAULT)).isEqualTo(TestFiles.LAYOUT);
    }
    try (var files = Files.walk(directory)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  private DeltaTable create(String path, Map<String, String> properties) {
    return DeltaTable.create(path, hadoop, TestFiles.LAYOUT, Optional.empty(), properties);
  }

  private Ledger append(DeltaTable table, Ledger ledger, Ledger.Taken range) throws IOException {
    DataFile file = TestFiles.write(hadoop, table.path(), range);
    Ledger next = ledger.advance(List.of(range), UUID.randomUUID().toString());
    table.commit(List.of(file), next);
    return next;
  }
}
