package io.millrace.ingest.task;

import io.millrace.core.column.ColumnBatch;
import java.io.IOException;

/** Where the rows of a task go. */
interface RowSink {
  /**
   * Takes rows of the batch, which its caller then uses again.
   *
   * @param rows ascending, or null for all
   * @param count how many
   */
  void write(ColumnBatch batch, int[] rows, int count) throws IOException;
}
