package io.millrace.lake.deadletter;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes dead letters of the columns that Kernel reads. */
final class LetterColumns {
  /** In the order in which {@link #entry} reads them. */
  static final List<String> ENTRY =
      List.of(
          DeadLetterColumns.PARTITION,
          DeadLetterColumns.OFFSET,
          DeadLetterColumns.TIMESTAMP_COLUMN,
          DeadLetterColumns.SCHEMA_ID,
          DeadLetterColumns.ERROR_CLASS,
          DeadLetterColumns.ERROR_MESSAGE);

  /** Those, and what {@link #letter} reads beside. */
  static final List<String> WHOLE =
      Stream.concat(
              ENTRY.stream(),
              Stream.of(
                  DeadLetterColumns.TOPIC,
                  DeadLetterColumns.KEY,
                  DeadLetterColumns.VALUE,
                  DeadLetterColumns.HEADERS))
          .toList();

  private LetterColumns() {}

  static DeadLetterEntry entry(ColumnarBatch batch, int row) {
    ColumnVector schemaIds = batch.getColumnVector(3);
    return new DeadLetterEntry(
        batch.getColumnVector(0).getInt(row),
        batch.getColumnVector(1).getLong(row),
        TimeUnit.MICROSECONDS.toMillis(batch.getColumnVector(2).getLong(row)),
        schemaIds.isNullAt(row) ? null : (Integer) schemaIds.getInt(row),
        batch.getColumnVector(4).getString(row),
        batch.getColumnVector(5).getString(row));
  }

  static StoredDeadLetter letter(DeadLetterEntry entry, ColumnarBatch batch, int row) {
    int first = ENTRY.size();
    return new StoredDeadLetter(
        entry,
        batch.getColumnVector(first).getString(row),
        bytes(batch.getColumnVector(first + 1), row),
        bytes(batch.getColumnVector(first + 2), row),
        headers(batch.getColumnVector(first + 3), row));
  }

  private static Headers headers(ColumnVector lists, int row) {
    Headers headers = new RecordHeaders();
    if (lists.isNullAt(row)) {
      return headers;
    }
    ArrayValue list = lists.getArray(row);
    ColumnVector keys = list.getElements().getChild(0);
    ColumnVector values = list.getElements().getChild(1);
    for (int i = 0; i < list.getSize(); i++) {
      headers.add(keys.getString(i), bytes(values, i));
    }
    return headers;
  }

  private static byte[] bytes(ColumnVector vector, int row) {
    return vector.isNullAt(row) ? null : vector.getBinary(row);
  }
}
