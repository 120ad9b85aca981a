package io.millrace.lake.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.config.Compression;
import io.millrace.embedded.testing.PythonEnvironment;
import io.millrace.lake.DataFile;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of dead letters as delta-rs and pyarrow read it. */
class DeadLetterReadersIT {
  @TempDir Path directory;

  @Test
  void deltaRsReadsDeadLetters() throws Exception {
    Configuration hadoop = LakeConfiguration.of(Map.of());
    String path = directory.resolve("table").toString();
    DataFile file;
    try (DeltaTable main =
            DeltaTable.create(path, hadoop, DeadLetterColumns.LAYOUT, Optional.empty(), Map.of());
        DeadLetterTable table = DeadLetterTable.of(main, "events", hadoop)) {
      DeadLetterFile letters =
          DeadLetterFile.open(
              hadoop, DeadLetterTable.path(path), "events", Compression.ZSTD, 20 << 20);
      letters.add(
          new DeadLetter(
              "orders",
              3,
              41,
              1_795_365_000_123L,
              new byte[] {1},
              new byte[] {0, 0, (byte) 0xff},
              new RecordHeaders().add("a", new byte[] {2}).add("a", null),
              7,
              ErrorClass.TYPE_CONFLICT,
              "why"));
      file = letters.close();
      Ledger ledger =
          Ledger.initial("events", "orders", "id", "cluster", "test")
              .advance(List.of(new Taken(3, 41, 42, 0, 0, 1, 0)), "a", List.of(file));
      main.commit(List.of(), ledger);
      table.rollForward(ledger);
    }

    PythonEnvironment.Result result =
        PythonEnvironment.with("deltalake==1.6.6", "pyarrow==23.0.0")
            .run(
                Path.of("src", "test", "resources", "nested.py").toAbsolutePath(),
                DeadLetterTable.path(path),
                file.path().replace("file:", ""));

    assertThat(result.exitCode()).as(result.output()).isZero();
    JsonNode read = new ObjectMapper().readTree(result.output());
    JsonNode expected =
        new ObjectMapper()
            .readTree(
                """
                [["orders","3","41","1795365000123000","01","0000ff",[["a","02"],["a",null]],\
                "7","TYPE_CONFLICT","why","events"]]""");
    assertThat(read.get("delta")).isEqualTo(expected);
    assertThat(read.get("file")).isEqualTo(expected);
  }
}
