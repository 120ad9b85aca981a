package io.millrace.source;

import java.util.Map;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Where Spark enters: {@code spark.read().format("millrace")}. Holds no policy. */
public final class MillraceSource implements TableProvider, DataSourceRegister {
  /**
   * Kept from {@link #inferSchema}, so that the registry is asked once and the schema is the same.
   */
  private TopicTable table;

  @Override
  public String shortName() {
    return "millrace";
  }

  @Override
  public StructType inferSchema(CaseInsensitiveStringMap options) {
    table = TopicTable.of(SourceOptions.of(options.asCaseSensitiveMap()));
    return SparkTypes.struct(table.layout().columns());
  }

  @Override
  public Table getTable(
      StructType schema, Transform[] partitioning, Map<String, String> properties) {
    return table != null ? table : TopicTable.of(SourceOptions.of(properties));
  }
}
