package io.millrace.lake.delta;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.PartitionBy;
import io.millrace.lake.DataFile;
import io.millrace.lake.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A Delta table as one stream's writer sees it: opened or created once, then one atomic commit a
 * batch, each with files, transaction id and ledger. One thread commits; the snapshot after each
 * commit is kept, so that a commit costs the same however long the log is.
 */
public final class DeltaTable implements AutoCloseable {
  /** Opens the table, or empty where there is none at that path. */
  public static Optional<DeltaTable> open(String path, Configuration hadoop) {
    throw new IllegalStateException("to be written");
  }

  /** Creates the table; fails if there is one already. */
  public static DeltaTable create(
      String path,
      Configuration hadoop,
      TableLayout layout,
      Optional<PartitionBy> partitionBy,
      Map<String, String> properties) {
    throw new IllegalStateException("to be written");
  }

  /** Absolute path with scheme. */
  public String path() {
    throw new IllegalStateException("to be written");
  }

  public long version() {
    throw new IllegalStateException("to be written");
  }

  /** Data columns as the table has them now, roles by {@code kafkaColumns}' names. */
  public TableLayout layout(io.millrace.core.config.KafkaColumns kafkaColumns) {
    throw new IllegalStateException("to be written");
  }

  public Optional<Ledger> ledger(String stream) {
    throw new IllegalStateException("to be written");
  }

  /**
   * Commits files and ledger at once.
   *
   * @return the version that holds them
   * @throws io.millrace.core.error.MillraceException {@code PROTECTED} where another writer moved
   *     this stream's ledger meanwhile, or the table's schema changed under us
   */
  public long commit(List<DataFile> files, Ledger ledger) {
    throw new IllegalStateException("to be written");
  }

  @Override
  public void close() {
    throw new IllegalStateException("to be written");
  }
}
