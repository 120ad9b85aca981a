package io.millrace.cli.demo;

import io.millrace.cli.CommitFollower;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * How old rows were when they could first be read: the commit's time minus the row's Kafka
 * timestamp, which the producer sets to the intended send time. Every row counts once.
 */
final class Freshness {
  private static final int MOST_MILLIS = 3_600_000;

  /** Rows by milliseconds; the last entry holds everything older. */
  private long[] rows = new long[4_096];

  private long total;

  /** Adds the rows of one commit. */
  void add(CommitFollower.Commit commit, String timestampColumn) throws IOException {
    for (Path file : commit.files()) {
      read(file, timestampColumn, commit.readableMillis());
    }
  }

  void add(long millis) {
    int at = (int) Math.max(0, Math.min(millis, MOST_MILLIS));
    if (at >= rows.length) {
      rows = Arrays.copyOf(rows, Math.min(MOST_MILLIS + 1, Math.max(at + 1, rows.length * 2)));
    }
    rows[at]++;
    total++;
  }

  /** The age that this part of the rows did not exceed, in milliseconds; -1 without rows. */
  long quantile(double part) {
    long wanted = (long) Math.ceil(part * total);
    long seen = 0;
    for (int millis = 0; millis < rows.length; millis++) {
      seen += rows[millis];
      if (seen >= wanted && seen > 0) {
        return millis;
      }
    }
    return -1;
  }

  private void read(Path file, String column, long readableMillis) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      MessageType whole = reader.getFooter().getFileMetaData().getSchema();
      MessageType projection = new MessageType(whole.getName(), List.of(whole.getType(column)));
      reader.setRequestedSchema(projection);
      String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
      ColumnDescriptor descriptor = projection.getColumns().get(0);
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        ColumnReader values =
            new ColumnReadStoreImpl(pages, new NoRecords(), projection, createdBy)
                .getColumnReader(descriptor);
        for (long left = pages.getRowCount(); left > 0; left--) {
          if (values.getCurrentDefinitionLevel() == descriptor.getMaxDefinitionLevel()) {
            add(readableMillis - Math.floorDiv(values.getLong(), 1_000L));
          }
          values.consume();
        }
      }
    }
  }

  /** Values are taken from the column reader: no records are put together. */
  private static final class NoRecords extends GroupConverter {
    @Override
    public Converter getConverter(int fieldIndex) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {
      // Nothing to begin.
    }

    @Override
    public void end() {
      // Nothing to end.
    }
  }
}
