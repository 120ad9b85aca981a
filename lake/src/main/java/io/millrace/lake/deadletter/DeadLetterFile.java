package io.millrace.lake.deadletter;

import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.StructVector;
import io.millrace.core.config.Compression;
import io.millrace.lake.DataFile;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.common.header.Header;

/**
 * Writes one task's dead letters into a file in the directory of their table. Nobody sees it there
 * until a commit of the main table has named it and {@link DeadLetterTable} has committed it.
 *
 * <p>Holds at most the bytes it is given, and one dead letter, whatever their number. One thread.
 */
public final class DeadLetterFile {
  private static final String PREFIX = "dead-letters-";
  private static final String SUFFIX = ".parquet";

  /** One part of so many of the memory is for columns, the rest for an encoded row group. */
  private static final int COLUMNS_ONE_OF = 5;

  private final ColumnFileWriter file;
  private final byte[] stream;
  private final long mostBatchBytes;
  private final ColumnBatch batch = new ColumnBatch(DeadLetterColumns.LAYOUT);

  private DeadLetterFile(ColumnFileWriter file, String stream, long mostBatchBytes) {
    this.file = file;
    this.mostBatchBytes = mostBatchBytes;
    this.stream = stream.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Begins a file; nothing is written before there is something to write.
   *
   * @param directory of the table of dead letters, see {@link DeadLetterTable#path}
   * @param stream name of the stream
   * @param mostBytes to hold in memory
   */
  public static DeadLetterFile open(
      Configuration hadoop,
      String directory,
      String stream,
      Compression compression,
      long mostBytes)
      throws IOException {
    Path path = new Path(directory, PREFIX + UUID.randomUUID() + SUFFIX);
    return new DeadLetterFile(
        ColumnFileWriter.open(
            hadoop,
            path,
            Map.of(),
            DeadLetterColumns.LAYOUT,
            compression,
            mostBytes - mostBytes / COLUMNS_ONE_OF),
        stream,
        mostBytes / COLUMNS_ONE_OF);
  }

  /** Whether a file of that name may be one of ours. */
  static boolean isOne(String name) {
    return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
  }

  /** Adds one dead letter. */
  public void add(DeadLetter letter) throws IOException {
    batch.appendKey(letter.key() == null ? null : ByteBuffer.wrap(letter.key()));
    append(DeadLetterColumns.TOPIC, letter.topic());
    append((BytesVector) vector(DeadLetterColumns.VALUE), letter.value());
    appendHeaders(letter);
    IntVector schemaIds = (IntVector) vector(DeadLetterColumns.SCHEMA_ID);
    if (letter.schemaId() == null) {
      schemaIds.appendNull();
    } else {
      schemaIds.append(letter.schemaId());
    }
    append(DeadLetterColumns.ERROR_CLASS, letter.errorClass().name());
    append(DeadLetterColumns.ERROR_MESSAGE, letter.message());
    append((BytesVector) vector(DeadLetterColumns.STREAM), stream);
    batch.setKafka(batch.endRow(), letter.partition(), letter.offset(), letter.timestampMillis());
    if (batch.bytes() >= mostBatchBytes) {
      flush();
    }
  }

  private void appendHeaders(DeadLetter letter) {
    ListVector headers = (ListVector) vector(DeadLetterColumns.HEADERS);
    StructVector items = (StructVector) headers.items();
    for (Header header : letter.headers()) {
      append((BytesVector) items.member(0), header.key().getBytes(StandardCharsets.UTF_8));
      append((BytesVector) items.member(1), header.value());
      items.endValue();
    }
    headers.endValue();
  }

  private void append(String column, String text) {
    append((BytesVector) vector(column), text.getBytes(StandardCharsets.UTF_8));
  }

  private static void append(BytesVector vector, byte[] bytes) {
    if (bytes == null) {
      vector.appendNull();
    } else {
      vector.append(bytes, 0, bytes.length);
    }
  }

  private ColumnVector vector(String column) {
    return batch.vector(DeadLetterColumns.LAYOUT.indexOf(column));
  }

  private void flush() throws IOException {
    file.write(batch, null, 0);
    batch.clear();
  }

  /** Bytes held in memory. */
  public long bufferedBytes() {
    return batch.bytes() + file.bufferedBytes();
  }

  /** Ends and publishes the file. */
  public DataFile close() throws IOException {
    flush();
    return file.close();
  }

  /** Gives the file up; safe to call at any time, also after a failure. */
  public void abort() {
    file.abort();
  }
}
