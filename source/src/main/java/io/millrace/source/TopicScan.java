package io.millrace.source;

import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.types.StructType;

/** One read of a topic: of a bounded range, or as a stream. */
record TopicScan(SourceOptions options, TableLayout all, TableLayout layout) implements Scan {
  @Override
  public StructType readSchema() {
    return SparkTypes.struct(layout.columns());
  }

  @Override
  public String description() {
    return "millrace %s [%s]"
        .formatted(
            options.topic(),
            layout.columns().stream().map(Column::name).collect(Collectors.joining(", ")));
  }

  /** Without this, Spark plans the tasks several times to find out. */
  @Override
  public ColumnarSupportMode columnarSupportMode() {
    return ColumnarSupportMode.SUPPORTED;
  }

  @Override
  public CustomMetric[] supportedCustomMetrics() {
    return new CustomMetric[] {new BadRecordsMetric(), new NullValuesMetric()};
  }

  @Override
  public Batch toBatch() {
    return new TopicBatch(options, ReadSpec.of(options, all, layout));
  }

  @Override
  public MicroBatchStream toMicroBatchStream(String checkpointLocation) {
    return new TopicStream(
        options,
        ReadSpec.of(options, all, layout),
        checkpointLocation,
        SparkSession.active().sparkContext(),
        System::nanoTime);
  }
}
