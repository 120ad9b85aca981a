package io.millrace.lake.delta;

import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterable;
import io.delta.kernel.utils.DataFileStatus;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** Somebody else who writes to our table: no ledger, nothing but Delta Kernel. */
final class ForeignWriter {
  private final String table;
  private final Configuration hadoop;
  private final Engine engine;

  ForeignWriter(String table, Configuration hadoop) {
    this.table = table;
    this.hadoop = hadoop;
    this.engine = DefaultEngine.create(hadoop);
  }

  long append(Taken range) throws IOException {
    DataFile file = TestFiles.write(hadoop, table, range);
    Transaction transaction =
        latest().buildUpdateTableTransaction("Another writer", Operation.WRITE).build(engine);
    Row state = transaction.getTransactionState(engine);
    List<Row> actions =
        Transaction.generateAppendActions(
                engine,
                state,
                Utils.singletonCloseableIterator(
                    new DataFileStatus(
                        file.path(), file.bytes(), file.modificationTime(), Optional.empty())),
                Transaction.getWriteContext(engine, state, Map.of()))
            .toInMemoryList();
    return transaction
        .commit(
            engine,
            CloseableIterable.inMemoryIterable(Utils.toCloseableIterator(actions.iterator())))
        .getVersion();
  }

  void setProperty(String key, String value) {
    latest()
        .buildUpdateTableTransaction("Another writer", Operation.MANUAL_UPDATE)
        .withTablePropertiesAdded(Map.of(key, value))
        .build(engine)
        .commit(engine, CloseableIterable.emptyIterable());
  }

  /** Commits the table's first metadata again with another text in it. */
  void changeMetadata(String old, String now) throws IOException {
    changeAction("metaData", old, now);
  }

  /** Commits an action of the table's first version again with another text in it. */
  void changeAction(String kind, String old, String now) throws IOException {
    Path log = new Path(table, "_delta_log");
    String action;
    try (FSDataInputStream in =
        log.getFileSystem(hadoop).open(new Path(log, "%020d.json".formatted(0)))) {
      action =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith("{\"" + kind + "\""))
              .findFirst()
              .orElseThrow();
    }
    String changed = action.replace(old, now);
    if (changed.equals(action)) {
      throw new IllegalArgumentException(old + " is not in " + action);
    }
    write(changed);
  }

  /** Commits what a RESTORE that takes back no file says of itself. */
  void restore(long version) {
    try {
      write(
          """
          {"commitInfo":{"timestamp":1,"operation":"RESTORE","operationParameters":{"version":"%d"}}}"""
              .formatted(version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String action) throws IOException {
    new LocalLogStore(hadoop)
        .write(
            new Path(table + "/_delta_log", "%020d.json".formatted(latest().getVersion() + 1)),
            List.of(action).iterator(),
            false,
            hadoop);
  }

  private Snapshot latest() {
    return TableManager.loadSnapshot(table).build(engine);
  }
}
