package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.Column;
import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRaceIT {
  private static final int COMMITS = 60;

  @TempDir Path directory;

  @Test
  void twoProcessesLoseNothing() throws IOException, InterruptedException {
    String table = "file:" + directory.resolve("race");
    Configuration hadoop = LakeConfiguration.of(Map.of());
    try (DeltaTable created =
        DeltaTable.create(table, hadoop, TestFiles.LAYOUT, Optional.empty(), Map.of())) {
      Ledger start = TestFiles.start("racer");
      created.commit(List.of(), start.advance(List.of(), "first"));
    }

    CommitRace.run(table, List.of("stream", "foreign"), COMMITS, Map.of());

    try (DeltaTable raced = DeltaTable.open(table, hadoop).orElseThrow()) {
      assertThat(raced.version()).isEqualTo(1 + 2 * COMMITS);
      assertThat(raced.ledger("racer").orElseThrow().rows()).isEqualTo(COMMITS);
    }
    assertThat(TableRows.longs(table, hadoop, "kafka_offset")).hasSize(2 * COMMITS);
  }

  @Test
  void columnsOfTwoProcessesAndTheRowsOfAThirdAllGetIn() throws IOException, InterruptedException {
    String table = "file:" + directory.resolve("evolving race");
    Configuration hadoop = LakeConfiguration.of(Map.of());
    try (DeltaTable created =
        DeltaTable.create(table, hadoop, TestFiles.LAYOUT, Optional.empty(), Map.of())) {
      Ledger start = TestFiles.start("racer");
      created.commit(List.of(), start.advance(List.of(), "first"));
    }

    CommitRace.run(table, List.of("stream", "columns", "columns"), COMMITS, Map.of());

    List<String> columns = new ArrayList<>();
    TestFiles.LAYOUT.columns().forEach(column -> columns.add(column.name()));
    for (int i = 0; i < COMMITS; i++) {
      columns.add(CommitRacer.column(1, i));
      columns.add(CommitRacer.column(2, i));
    }
    try (DeltaTable raced = DeltaTable.open(table, hadoop).orElseThrow()) {
      assertThat(raced.version()).isEqualTo(1 + 3 * COMMITS);
      assertThat(raced.ledger("racer").orElseThrow().rows()).isEqualTo(COMMITS);
      assertThat(raced.layout(KafkaColumns.DEFAULT).columns())
          .extracting(Column::name)
          .containsExactlyInAnyOrderElementsOf(columns);
    }
    assertThat(TableRows.longs(table, hadoop, "kafka_offset")).hasSize(COMMITS);
  }
}
