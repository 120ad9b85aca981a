package io.millrace.lake.verify;

import io.delta.kernel.data.ArrayValue;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.millrace.lake.deadletter.DeadLetterColumns;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.delta.PinnedTable;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Enters dead letters into the partitions' accounts. Threads share it. */
final class DeadLetterCounter implements PinnedTable.Rows {
  /** The columns of the batches, in this order. */
  static final StructType COLUMNS =
      new StructType()
          .add(DeadLetterColumns.PARTITION, IntegerType.INTEGER)
          .add(DeadLetterColumns.OFFSET, LongType.LONG)
          .add(DeadLetterColumns.TIMESTAMP_COLUMN, TimestampType.TIMESTAMP)
          .add(DeadLetterColumns.KEY, BinaryType.BINARY)
          .add(DeadLetterColumns.VALUE, BinaryType.BINARY)
          .add(
              DeadLetterColumns.HEADERS,
              new ArrayType(
                  new StructType().add("key", StringType.STRING).add("value", BinaryType.BINARY),
                  true))
          .add(DeadLetterColumns.ERROR_CLASS, StringType.STRING);

  private final Map<Integer, DeadAccount> accounts;
  private final boolean ahead;
  private final ProgressMeter meter;

  /** Dead letters of partitions that the ledger lacks, or of no partition or offset. */
  private final AtomicLong strangers = new AtomicLong();

  /**
   * @param ahead whether the table may hold dead letters of ledgers after the pinned one
   */
  DeadLetterCounter(Map<Integer, DeadAccount> accounts, boolean ahead, ProgressMeter meter) {
    this.accounts = accounts;
    this.ahead = ahead;
    this.meter = meter;
  }

  @Override
  public void accept(FilteredColumnarBatch filtered) {
    ColumnarBatch batch = filtered.getData();
    ColumnVector partitions = batch.getColumnVector(0);
    ColumnVector offsets = batch.getColumnVector(1);
    ColumnVector selection = filtered.getSelectionVector().orElse(null);
    for (int row = 0; row < batch.getSize(); row++) {
      if (!PinnedTable.isLive(selection, row)) {
        continue;
      }
      if (partitions.isNullAt(row) || offsets.isNullAt(row)) {
        strangers.incrementAndGet();
      } else {
        count(batch, row, partitions.getInt(row), offsets.getLong(row));
      }
    }
    meter.add(batch.getSize());
  }

  private void count(ColumnarBatch batch, int row, int partition, long offset) {
    DeadAccount account = accounts.get(partition);
    if (ahead && (account == null || offset >= account.rows.next)) {
      return;
    }
    if (account == null) {
      strangers.incrementAndGet();
      return;
    }
    ColumnVector timestamp = batch.getColumnVector(2);
    long hash =
        DeadAccount.hash(
            partition,
            offset,
            timestamp.isNullAt(row) ? Long.MIN_VALUE : timestamp.getLong(row),
            bytes(batch.getColumnVector(3), row),
            bytes(batch.getColumnVector(4), row),
            headers(batch.getColumnVector(5), row));
    ColumnVector error = batch.getColumnVector(6);
    boolean inSql =
        !error.isNullAt(row) && error.getString(row).equals(ErrorClass.TRANSFORM.name());
    synchronized (account) {
      account.add(offset, hash);
      if (inSql) {
        account.failedInSql.add(offset);
      }
    }
  }

  private static long headers(ColumnVector lists, int row) {
    if (lists.isNullAt(row)) {
      return ValueHash.NULL;
    }
    ArrayValue list = lists.getArray(row);
    ColumnVector keys = list.getElements().getChild(0);
    ColumnVector values = list.getElements().getChild(1);
    long hash = DeadAccount.NO_HEADERS;
    for (int i = 0; i < list.getSize(); i++) {
      String key = keys.isNullAt(i) ? "" : keys.getString(i);
      hash = DeadAccount.header(hash, key, bytes(values, i));
    }
    return hash;
  }

  private static byte[] bytes(ColumnVector vector, int row) {
    return vector.isNullAt(row) ? null : vector.getBinary(row);
  }

  long strangers() {
    return strangers.get();
  }
}
