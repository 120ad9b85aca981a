package io.millrace.lake.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Transaction;
import io.delta.kernel.TransactionCommitResult;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import java.util.List;
import java.util.Optional;

/** One try to write the version after a snapshot that takes files away. */
final class RemoveAttempt {
  private final Engine engine;
  private final Snapshot snapshot;

  RemoveAttempt(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /**
   * @param files live ones of the snapshot
   */
  TransactionCommitResult commit(
      List<PinnedTable.LiveFile> files, String transactionId, long sequence) {
    Transaction transaction =
        snapshot
            .buildUpdateTableTransaction(AppendAttempt.ENGINE_INFO, Operation.MANUAL_UPDATE)
            .withTransactionId(transactionId, sequence)
            .withMaxRetries(0)
            .build(engine);
    long now = System.currentTimeMillis();
    List<Row> actions = files.stream().map(file -> remove(file, now)).toList();
    return transaction.commit(
        engine, CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())));
  }

  private static Row remove(PinnedTable.LiveFile file, long millis) {
    AddFile added = new AddFile(file.scanFile().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
    return SingleAction.createRemoveFileSingleAction(
        added.toRemoveFileRow(true, Optional.of(millis)));
  }
}
