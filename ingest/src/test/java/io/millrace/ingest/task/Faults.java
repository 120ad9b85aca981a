package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** An ingest that does once what it never may. Undone by {@link #close}. */
public final class Faults implements AutoCloseable {
  private Faults(UnaryOperator<RowSink> sink) {
    RangeTask.sinkOfTests = sink;
  }

  /** The first row of the next batch is counted but not written. */
  public static Faults dropOneRow() {
    return once((sink, batch, rows, count) -> sink.write(batch, all(rows, count, 1), count - 1));
  }

  /** The first row of the next batch is written once more than it is counted. */
  public static Faults writeOneRowTwice() {
    return once(
        (sink, batch, rows, count) -> {
          sink.write(batch, rows, count);
          sink.write(batch, all(rows, count, 0), 1);
        });
  }

  /** The next write fails as a full disk would. */
  public static Faults failOnce() {
    return once(
        (sink, batch, rows, count) -> {
          throw new IOException("No space left on device");
        });
  }

  /** The next write asks for more memory than there can be. */
  public static Faults outOfMemoryOnce() {
    return once((sink, batch, rows, count) -> sink.write(batch, new int[Integer.MAX_VALUE], count));
  }

  /** A write fails once, after some task has handed over so many rows. */
  public static Faults failOnceAfterRows(int least) {
    AtomicBoolean done = new AtomicBoolean();
    return new Faults(
        sink -> {
          AtomicInteger written = new AtomicInteger();
          return (batch, rows, count) -> {
            sink.write(batch, rows, count);
            if (written.addAndGet(count) >= least && done.compareAndSet(false, true)) {
              throw new IOException("No space left on device");
            }
          };
        });
  }

  private interface Write {
    void write(RowSink sink, ColumnBatch batch, int[] rows, int count) throws IOException;
  }

  private static Faults once(Write faulty) {
    AtomicBoolean done = new AtomicBoolean();
    return new Faults(
        sink ->
            (batch, rows, count) -> {
              if (done.compareAndSet(false, true)) {
                faulty.write(sink, batch, rows, count);
              } else {
                sink.write(batch, rows, count);
              }
            });
  }

  private static int[] all(int[] rows, int count, int skip) {
    return IntStream.range(skip, count).map(i -> rows == null ? i : rows[i]).toArray();
  }

  @Override
  public void close() {
    RangeTask.sinkOfTests = UnaryOperator.identity();
  }
}
