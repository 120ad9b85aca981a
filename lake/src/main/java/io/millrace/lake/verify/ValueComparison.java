package io.millrace.lake.verify;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;

/** Whether and how one stream's column values are compared with the topic's records. */
final class ValueComparison implements AutoCloseable {
  private final List<ValueColumn> columns;
  private final SchemaRegistry registry;
  private final WriterSchemas schemas;

  private ValueComparison(
      List<ValueColumn> columns, SchemaRegistry registry, WriterSchemas schemas) {
    this.columns = columns;
    this.registry = registry;
    this.schemas = schemas;
  }

  /** Compares nothing. */
  static ValueComparison off() {
    return new ValueComparison(List.of(), null, null);
  }

  /** Compares every column of the table; columns that can't be compared go into the report. */
  static ValueComparison of(
      PinnedTable table, StreamConfig stream, RegistryConfig config, ReportBuilder report) {
    List<String> unknown = new ArrayList<>();
    List<ValueColumn> columns =
        ValueColumn.of(table.schema(), table.partitionColumns(), stream, unknown);
    if (!unknown.isEmpty()) {
      report.add(
          Finding.of(
              Kind.VALUES_NOT_PROVABLE,
              "values of these columns can't be compared: " + String.join(", ", unknown)));
    }
    SchemaRegistry registry = new RestSchemaRegistry(config);
    return new ValueComparison(columns, registry, new WriterSchemas(registry));
  }

  /** A decoder for one thread; null where nothing is compared. */
  TopicValues decoder() {
    return schemas == null ? null : new TopicValues(columns, schemas);
  }

  /** Whether the topic's values could be decoded so far. */
  boolean works() {
    return schemas != null && schemas.unreachable() == null;
  }

  /** The columns to read from the table; none where nothing is compared. */
  List<ValueColumn> columns() {
    return works() ? columns : List.of();
  }

  /** Enters into the report what was found about the writer schemas. */
  void reportSchemas(ReportBuilder report) {
    if (schemas != null && schemas.unreachable() != null) {
      report.add(
          Finding.of(
              Kind.REGISTRY_UNREACHABLE,
              "values were not compared: " + schemas.unreachable().reason()));
    }
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
