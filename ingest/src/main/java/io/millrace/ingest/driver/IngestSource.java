package io.millrace.ingest.driver;

import io.millrace.ingest.task.TaskPlan;
import io.millrace.ingest.task.TaskSpec;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A streaming source whose rows are not records but the results of tasks, one row a task. Internal:
 * it has no short name, and works only for a {@link StreamDriver} of this process. Holds no policy.
 */
public final class IngestSource implements TableProvider {
  private static final StructType SCHEMA =
      new StructType().add("result", DataTypes.BinaryType, false);

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    return SCHEMA;
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return new ResultTable();
  }

  private static final class ResultTable implements SupportsRead {
    @Override
    public String name() {
      return "millrace";
    }

    @Override
    @SuppressWarnings("deprecation") // The replacement has a default that calls this one.
    public StructType schema() {
      return SCHEMA;
    }

    @Override
    public Set<TableCapability> capabilities() {
      return Set.of(TableCapability.MICRO_BATCH_READ);
    }

    @Override
    public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
      return () -> new ResultScan(options.get(StreamDrivers.OPTION));
    }
  }

  private record ResultScan(String driver) implements Scan {
    @Override
    public StructType readSchema() {
      return SCHEMA;
    }

    @Override
    public String description() {
      return "millrace";
    }

    /** Without this, Spark plans the partitions several times a batch to find out. */
    @Override
    public ColumnarSupportMode columnarSupportMode() {
      return ColumnarSupportMode.UNSUPPORTED;
    }

    @Override
    public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
      return new ResultStream(StreamDrivers.find(driver));
    }
  }

  /** One task's part of a batch, as Spark ships it. */
  record ResultPartition(TaskPlan plan) implements InputPartition {}

  private record ResultStream(StreamDriver driver)
      implements MicroBatchStream, SupportsTriggerAvailableNow {
    @Override
    public Offset initialOffset() {
      return driver.initialOffset();
    }

    @Override
    public void prepareForTriggerAvailableNow() {
      driver.drainOnly();
    }

    @Override
    public ReadLimit getDefaultReadLimit() {
      return ReadLimit.allAvailable();
    }

    @Override
    public Offset latestOffset(Offset start, ReadLimit limit) {
      return driver.next((PlanOffset) start);
    }

    @Override
    public Offset latestOffset() {
      throw new UnsupportedOperationException("Spark asks with a start offset");
    }

    @Override
    public Offset deserializeOffset(String json) {
      return PlanOffset.fromJson(json);
    }

    @Override
    public InputPartition[] planInputPartitions(Offset start, Offset end) {
      return driver.tasks((PlanOffset) end).stream()
          .map(ResultPartition::new)
          .toArray(InputPartition[]::new);
    }

    @Override
    public PartitionReaderFactory createReaderFactory() {
      TaskSpec spec = driver.spec();
      return new ResultReaderFactory(spec);
    }

    @Override
    public void commit(Offset end) {
      // The table's ledger is the position: there is nothing to release.
    }

    @Override
    public void stop() {
      // The stream's runner closes the driver.
    }
  }
}
