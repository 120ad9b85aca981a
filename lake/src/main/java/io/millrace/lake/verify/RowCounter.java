package io.millrace.lake.verify;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Enters rows into the partitions' accounts. One per thread; the accounts are shared.
 *
 * <p>A batch is taken in runs of one partition, so that an account is locked once a run.
 */
final class RowCounter implements PinnedTable.Rows, PositionReader.Rows {
  static final int PARTITION = 0;
  static final int OFFSET = 1;

  /** Where the value columns begin in the columns that are read. */
  static final int FIRST_VALUE = 2;

  private final RowAccount[][] accounts;

  /** The one that {@link #topic} has; rows of others are counted, and no values compared. */
  private final int generation;

  /** Where the column of generations is among those that are read; -1 where there is none. */
  private final int generations;

  private final Map<Integer, TopicAccount> topic;
  private final RowHasher hasher;
  private final AtomicLong withoutPosition;
  private final Map<Integer, RowAccount> strangers;
  private final ProgressMeter meter;

  /**
   * @param accounts by generation, those not looked at null, and partition number; null where the
   *     ledger has none
   * @param generations place of the column of generations; -1 where the table has none
   * @param topic for value sums: only rows of offsets delivered that are no dead letters are summed
   * @param hasher null where values are not compared
   * @param strangers gets accounts of partitions that the ledger lacks; concurrent
   */
  RowCounter(
      RowAccount[][] accounts,
      int generations,
      Map<Integer, TopicAccount> topic,
      RowHasher hasher,
      AtomicLong withoutPosition,
      Map<Integer, RowAccount> strangers,
      ProgressMeter meter) {
    this.accounts = accounts;
    this.generation = accounts.length - 1;
    this.generations = generations;
    this.topic = topic;
    this.hasher = hasher;
    this.withoutPosition = withoutPosition;
    this.strangers = strangers;
    this.meter = meter;
  }

  @Override
  public void accept(FilteredColumnarBatch filtered) {
    ColumnarBatch batch = filtered.getData();
    ColumnVector partitions = batch.getColumnVector(PARTITION);
    ColumnVector offsets = batch.getColumnVector(OFFSET);
    ColumnVector generationOf = generations < 0 ? null : batch.getColumnVector(generations);
    ColumnVector selection = filtered.getSelectionVector().orElse(null);
    long[] hashes = hasher == null ? null : hasher.hash(batch, partitions, offsets);
    int size = batch.getSize();
    int row = 0;
    while (row < size) {
      if (partitions.isNullAt(row)) {
        withoutPosition.addAndGet(PinnedTable.isLive(selection, row) ? 1 : 0);
        row++;
        continue;
      }
      int partition = partitions.getInt(row);
      int of = generation(generationOf, row);
      int end = row + 1;
      while (end < size
          && !partitions.isNullAt(end)
          && partitions.getInt(end) == partition
          && generation(generationOf, end) == of) {
        end++;
      }
      if (!isPassedBy(of)) {
        run(of, partition, row, end, offsets, selection, hashes);
      }
      row = end;
    }
    meter.add(size);
  }

  @Override
  public void accept(int[] partitions, long[] offsets, int size, int without) {
    int row = 0;
    while (row < size) {
      int partition = partitions[row];
      RowAccount account = account(generation, partition);
      synchronized (account) {
        while (row < size && partitions[row] == partition) {
          int end = row + 1;
          while (end < size
              && partitions[end] == partition
              && offsets[end] == offsets[end - 1] + 1) {
            end++;
          }
          account.addRun(offsets[row], end - row);
          row = end;
        }
      }
    }
    if (without > 0) {
      withoutPosition.addAndGet(without);
    }
    meter.add(size + without);
  }

  private static int generation(ColumnVector generations, int row) {
    return generations == null || generations.isNullAt(row)
        ? Ledger.FIRST_GENERATION
        : generations.getInt(row);
  }

  /** Whether rows of a generation are not looked at; those of none that there was are strangers. */
  private boolean isPassedBy(int of) {
    return of >= Ledger.FIRST_GENERATION && of < accounts.length && accounts[of] == null;
  }

  private void run(
      int of,
      int partition,
      int from,
      int to,
      ColumnVector offsets,
      ColumnVector selection,
      long[] hashes) {
    RowAccount account = account(of, partition);
    TopicAccount delivered = hasher == null || of != generation ? null : topic.get(partition);
    synchronized (account) {
      for (int row = from; row < to; row++) {
        if (!PinnedTable.isLive(selection, row)) {
          continue;
        }
        if (offsets.isNullAt(row)) {
          withoutPosition.incrementAndGet();
          continue;
        }
        long offset = offsets.getLong(row);
        boolean first = account.add(offset);
        if (first && delivered != null && delivered.isRow(offset)) {
          account.sums.add(offset, hashes, row * hasher.columns(), hasher.columns());
        }
      }
    }
  }

  private RowAccount account(int of, int partition) {
    RowAccount[] known =
        of >= Ledger.FIRST_GENERATION && of < accounts.length ? accounts[of] : new RowAccount[0];
    RowAccount account = partition >= 0 && partition < known.length ? known[partition] : null;
    return account != null
        ? account
        : strangers.computeIfAbsent(partition, p -> new RowAccount(0, 0));
  }
}
