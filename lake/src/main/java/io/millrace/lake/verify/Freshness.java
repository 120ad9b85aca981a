package io.millrace.lake.verify;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.CommitLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * How long records took from their Kafka timestamp until a reader could see them: the time of the
 * commit that added their data file, by the modification time of its log file, minus {@code
 * kafka_timestamp}, for every row. Each record weighs the same.
 *
 * @param records rows that were looked at
 * @param p50 milliseconds, as all others; -1 without records
 * @param max within a thousandth above 2 s, as the quantiles
 */
public record Freshness(long records, long p50, long p95, long p99, long max) {

  /**
   * Reads the timestamps of all rows that the commits in {@code [fromVersion, toVersion]} added.
   *
   * @param timestampColumn name of the column that holds Kafka's timestamp
   * @param threads threads that read, at least 1
   * @throws MillraceException {@code UNREACHABLE} where log or data files can't be read
   */
  public static Freshness read(
      String table,
      Configuration hadoop,
      String timestampColumn,
      long fromVersion,
      long toVersion,
      int threads) {
    try {
      return new Reader(hadoop, timestampColumn)
          .read(CommitLog.list(table, hadoop, fromVersion, toVersion), threads);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(table, ExitCode.INTERRUPTED, e);
    } catch (Exception e) {
      throw failed(table, ExitCode.UNREACHABLE, e);
    }
  }

  private static MillraceException failed(String table, ExitCode exitCode, Exception e) {
    return new MillraceException(
        exitCode,
        "The freshness of " + table + " can't be measured",
        StorageErrors.root(e),
        "Check that the table's files are there and can be read",
        e);
  }

  /** Reads one column of many files. */
  private static final class Reader {
    private final Engine engine;
    private final StructType schema;
    private final MillisHistogram all = new MillisHistogram();

    Reader(Configuration hadoop, String column) {
      engine = DefaultEngine.create(hadoop);
      schema = new StructType().add(column, TimestampType.TIMESTAMP);
    }

    private record Work(CommitLog.Added file, long commitMillis) {}

    Freshness read(CommitLog log, int threads) throws Exception {
      Queue<Work> open = new ConcurrentLinkedQueue<>();
      for (long version : log.versions()) {
        CommitLog.Commit commit = log.read(version);
        commit.added().forEach(file -> open.add(new Work(file, commit.millis())));
      }
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(
            () -> {
              MillisHistogram own = new MillisHistogram();
              for (Work work = open.poll(); work != null; work = open.poll()) {
                read(work, own);
              }
              synchronized (all) {
                all.addAll(own);
              }
              return null;
            });
      }
      Workers.run("freshness", tasks);
      return new Freshness(
          all.total(),
          all.quantile(0.50),
          all.quantile(0.95),
          all.quantile(0.99),
          all.total() == 0 ? -1 : all.max());
    }

    private void read(Work work, MillisHistogram histogram) throws IOException {
      FileStatus status =
          FileStatus.of(work.file.path().toString(), work.file.bytes(), work.commitMillis);
      try (CloseableIterator<FileReadResult> batches =
          engine
              .getParquetHandler()
              .readParquetFiles(
                  Utils.singletonCloseableIterator(status), schema, Optional.empty())) {
        while (batches.hasNext()) {
          ColumnVector micros = batches.next().getData().getColumnVector(0);
          for (int row = 0; row < micros.getSize(); row++) {
            if (!micros.isNullAt(row)) {
              histogram.add(
                  work.commitMillis - TimeUnit.MICROSECONDS.toMillis(micros.getLong(row)));
            }
          }
        }
      }
    }
  }
}
