package io.millrace.lake.verify;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Reads partition and offset of every row of a Parquet file, and nothing else of it.
 *
 * <p>Kernel's reader makes a call and a check of several layers for each value and a batch of
 * columns for each thousand; where a file's rows are all live and stand in the file as they are in
 * the table, two column readers give the same numbers for a fraction of that. What is not as simple
 * is left to Kernel. One thread.
 */
final class PositionReader {
  /** As many rows as are handed over at once; both arrays stay in a core's first caches. */
  static final int ROWS = 2_048;

  private final Configuration hadoop;
  private final String partition;
  private final String offset;
  private final int[] partitions = new int[ROWS];
  private final long[] offsets = new long[ROWS];

  /** Gets rows; the arrays are used again after the call. */
  interface Rows {
    /**
     * @param size so many of both are filled
     * @param withoutPosition rows in which one of the two is null; they are not in the arrays
     */
    void accept(int[] partitions, long[] offsets, int size, int withoutPosition);
  }

  /**
   * @param partition name of the column of Kafka partitions
   * @param offset name of the column of Kafka offsets
   */
  PositionReader(Configuration hadoop, String partition, String offset) {
    this.hadoop = hadoop;
    this.partition = partition;
    this.offset = offset;
  }

  /**
   * Reads all rows of the file, or nothing.
   *
   * @param bytes the file's length by the table's log
   * @return false where the columns are not INT32 and INT64 at the file's top level
   */
  boolean read(String file, long bytes, Rows rows) throws IOException {
    Path path = new Path(file);
    FileStatus status = new FileStatus(bytes, false, 1, 0, 0, path);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromStatus(status, hadoop), ParquetReadOptions.builder().build())) {
      FileMetaData metadata = reader.getFooter().getFileMetaData();
      MessageType schema = metadata.getSchema();
      if (!is(schema, partition, PrimitiveTypeName.INT32)
          || !is(schema, offset, PrimitiveTypeName.INT64)) {
        return false;
      }
      MessageType two =
          new MessageType(
              schema.getName(), List.of(schema.getType(partition), schema.getType(offset)));
      reader.setRequestedSchema(two);
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted while reading " + file);
        }
        read(group, two, metadata.getCreatedBy(), rows);
      }
      return true;
    }
  }

  private static boolean is(MessageType schema, String column, PrimitiveTypeName expected) {
    if (!schema.containsField(column)) {
      return false;
    }
    Type type = schema.getType(column);
    return type.isPrimitive()
        && !type.isRepetition(Type.Repetition.REPEATED)
        && type.asPrimitiveType().getPrimitiveTypeName() == expected;
  }

  private void read(PageReadStore group, MessageType two, String createdBy, Rows rows) {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(
            group, new DummyRecordConverter(two).getRootConverter(), two, createdBy);
    ColumnDescriptor first = two.getColumnDescription(new String[] {partition});
    ColumnDescriptor second = two.getColumnDescription(new String[] {offset});
    ColumnReader partitionOf = store.getColumnReader(first);
    ColumnReader offsetOf = store.getColumnReader(second);
    int partitionThere = first.getMaxDefinitionLevel();
    int offsetThere = second.getMaxDefinitionLevel();
    long left = group.getRowCount();
    while (left > 0) {
      int chunk = (int) Math.min(ROWS, left);
      int size = 0;
      for (int i = 0; i < chunk; i++) {
        // A value that is there has to be read, or the next one read is this one.
        boolean hasPartition = partitionOf.getCurrentDefinitionLevel() == partitionThere;
        boolean hasOffset = offsetOf.getCurrentDefinitionLevel() == offsetThere;
        if (hasPartition) {
          partitions[size] = partitionOf.getInteger();
        }
        if (hasOffset) {
          offsets[size] = offsetOf.getLong();
        }
        size += hasPartition && hasOffset ? 1 : 0;
        partitionOf.consume();
        offsetOf.consume();
      }
      rows.accept(partitions, offsets, size, chunk - size);
      left -= chunk;
    }
  }
}
