package io.millrace.source;

import io.millrace.core.column.TableLayout;
import java.util.Arrays;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsPushDownRequiredColumns;
import org.apache.spark.sql.types.StructType;

/** Takes note of which columns the query needs. */
final class TopicScanBuilder implements SupportsPushDownRequiredColumns {
  private final SourceOptions options;
  private final TableLayout all;
  private TableLayout layout;

  TopicScanBuilder(SourceOptions options, TableLayout all, TableLayout layout) {
    this.options = options;
    this.all = all;
    this.layout = layout;
  }

  /** Whole columns only: a part of a nested column brings all of it. */
  @Override
  public void pruneColumns(StructType required) {
    layout =
        new TableLayout(
            Arrays.stream(required.fieldNames())
                .map(name -> all.columns().get(all.indexOf(name)))
                .toList());
  }

  @Override
  public Scan build() {
    return new TopicScan(options, all, layout);
  }
}
