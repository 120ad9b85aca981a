package io.millrace.lake.delta;

import static io.millrace.lake.delta.TestFiles.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import io.millrace.lake.S3Server;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a batch costs on S3, counted in requests: they are paid for, and each takes its time. */
class S3RequestsIT {
  private static final String TABLE = "s3a://lake/bronze/events";
  private static final int BATCHES = 12;

  @RegisterExtension final S3Server s3 = new S3Server();

  @Test
  void aSteadyBatchWithOneFileCostsThreePuts() throws IOException {
    Configuration hadoop =
        s3.hadoop(Map.of("fs.s3a.audit.execution.interceptors", CountedRequests.class.getName()));
    Ledger ledger = TestFiles.start("s");
    try (DeltaTable table =
        DeltaTable.create(TABLE, hadoop, TestFiles.LAYOUT, Optional.empty(), Map.of())) {
      ledger = batch(table, hadoop, ledger, 0);
    }
    try (DeltaTable table = DeltaTable.open(TABLE, hadoop).orElseThrow()) {
      // The first commit after a start reads the one before it.
      ledger = batch(table, hadoop, ledger, 1);
      CountedRequests.clear();
      for (int number = 2; number < 2 + BATCHES; number++) {
        ledger = batch(table, hadoop, ledger, number);
      }
    }

    List<String> sent = CountedRequests.sent();
    assertThat(sent).allMatch(request -> request.startsWith("PutObject "));
    assertThat(sent).filteredOn(request -> request.endsWith(".parquet")).hasSize(BATCHES);
    assertThat(sent).filteredOn(request -> request.endsWith(".json")).hasSize(BATCHES);
    // A checksum that is late is left out for a newer one; the first batch's may come this late.
    assertThat(sent).filteredOn(request -> request.endsWith(".crc")).hasSizeBetween(1, BATCHES + 1);
    assertThat(sent).hasSizeLessThanOrEqualTo(3 * BATCHES + 1);
    assertThat(TableRows.longs(TABLE, hadoop, "kafka_offset")).hasSize(2 + BATCHES);
  }

  private static Ledger batch(DeltaTable table, Configuration hadoop, Ledger ledger, int number)
      throws IOException {
    ColumnFileWriter writer =
        ColumnFileWriter.open(
            hadoop,
            new Path(TABLE, UUID.randomUUID() + ".parquet"),
            Map.of(),
            TestFiles.LAYOUT,
            Compression.ZSTD,
            1 << 20);
    ColumnBatch row = new ColumnBatch(TestFiles.LAYOUT);
    ((BytesVector) row.vector(0)).appendNull();
    ((IntVector) row.vector(1)).append(0);
    ((LongVector) row.vector(2)).append(number);
    row.endRow();
    writer.write(row, null, 1);
    DataFile file = writer.close();
    Ledger next =
        ledger.advance(List.of(rows(0, number, number + 1)), UUID.randomUUID().toString());
    table.commit(List.of(file), next);
    return next;
  }
}
