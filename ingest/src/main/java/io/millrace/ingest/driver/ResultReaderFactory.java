package io.millrace.ingest.driver;

import io.millrace.ingest.task.RangeTask;
import io.millrace.ingest.task.TaskPlan;
import io.millrace.ingest.task.TaskSpec;
import java.io.IOException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** Runs a {@link RangeTask} as a Spark task of one row. */
record ResultReaderFactory(TaskSpec spec) implements PartitionReaderFactory {
  @Override
  public PartitionReader<InternalRow> createReader(InputPartition partition) {
    return new ResultReader(spec, ((IngestSource.ResultPartition) partition).plan());
  }

  private static final class ResultReader implements PartitionReader<InternalRow> {
    private final TaskSpec spec;
    private TaskPlan plan;
    private InternalRow row;

    ResultReader(TaskSpec spec, TaskPlan plan) {
      this.spec = spec;
      this.plan = plan;
    }

    @Override
    public boolean next() throws IOException {
      if (plan == null) {
        return false;
      }
      TaskContext context = TaskContext.get();
      byte[] result = RangeTask.run(spec, plan, context::isInterrupted).toBytes();
      row = new GenericInternalRow(new Object[] {result});
      plan = null;
      return true;
    }

    @Override
    public InternalRow get() {
      return row;
    }

    @Override
    public void close() {
      // The task has closed what it opened.
    }
  }
}
