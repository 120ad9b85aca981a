package io.millrace.lake.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import io.millrace.lake.S3Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A data file on S3 is there whole or not at all, and given up leaves no part behind. */
class S3FileIT {
  private static final TableLayout LAYOUT = Rows.layout(ColumnType.BINARY);
  private static final int VALUE = 1 << 20;

  @RegisterExtension final S3Server s3 = new S3Server();

  private Configuration hadoop;

  @BeforeEach
  void configure() {
    // S3's smallest part, so that few rows begin an upload in parts.
    hadoop = s3.hadoop(Map.of("fs.s3a.multipart.size", "5M"));
  }

  @Test
  void aFileGivenUpInMidUploadIsGone() throws IOException {
    ColumnFileWriter writer = halfWritten();
    assertThat(S3Server.uploads(hadoop)).hasSize(1);
    assertThat(S3Server.objects(hadoop)).isEmpty();

    writer.abort();

    assertThat(S3Server.uploads(hadoop)).isEmpty();
    assertThat(S3Server.objects(hadoop)).isEmpty();
  }

  @Test
  void aFileGivenUpByAnInterruptedTaskIsGone() throws IOException {
    ColumnFileWriter writer = halfWritten();

    Thread.currentThread().interrupt();
    writer.abort();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(S3Server.uploads(hadoop)).isEmpty();
    assertThat(S3Server.objects(hadoop)).isEmpty();
  }

  @Test
  void aFinishedFileIsThereUntilItIsDiscarded() throws IOException {
    DataFile file = halfWritten().close();
    assertThat(S3Server.objects(hadoop)).containsExactly("t/part.parquet");

    Thread.currentThread().interrupt();
    ColumnFileWriter.discard(hadoop, file);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(S3Server.objects(hadoop)).noneMatch(key -> key.endsWith(".parquet"));
    assertThat(S3Server.uploads(hadoop)).isEmpty();
  }

  /** Twelve row groups of 1 MiB are on their way: two parts of the upload. */
  private ColumnFileWriter halfWritten() throws IOException {
    ColumnFileWriter writer =
        ColumnFileWriter.open(
            hadoop, new Path("s3a://lake/t/part.parquet"), Map.of(), LAYOUT, Compression.NONE, 1);
    Random random = new Random(1);
    for (int i = 0; i < 12; i++) {
      byte[] value = new byte[VALUE];
      random.nextBytes(value);
      ColumnBatch batch =
          Rows.batch(LAYOUT, List.<Object[]>of(new Object[] {ByteBuffer.wrap(value)}));
      writer.write(batch, null, batch.rows());
    }
    return writer;
  }
}
