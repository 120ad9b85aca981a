package io.millrace.lake.verify;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether and how one stream's column values are compared with the topic's records. */
final class ValueComparison implements AutoCloseable {
  private final List<ValueColumn> columns;
  private final SchemaRegistry registry;
  private final WriterSchemas schemas;

  /** Null where the stream never had a SQL. */
  private final SqlHistory history;

  private ValueComparison(
      List<ValueColumn> columns,
      SchemaRegistry registry,
      WriterSchemas schemas,
      SqlHistory history) {
    this.history = history;
    this.columns = columns;
    this.registry = registry;
    this.schemas = schemas;
  }

  /** Compares nothing. */
  static ValueComparison off() {
    return new ValueComparison(List.of(), null, null, null);
  }

  /** Compares no column, but evaluates a SQL for which records are rows. */
  static ValueComparison ofSql(SqlHistory history, RegistryConfig config) {
    SchemaRegistry registry = new RestSchemaRegistry(config);
    return new ValueComparison(List.of(), registry, new WriterSchemas(registry), history);
  }

  /**
   * Compares every column of the table; columns that can't be compared go into the report.
   *
   * @param history by what SQL records became rows; null where the stream never had one
   */
  static ValueComparison of(
      PinnedTable table,
      StreamConfig stream,
      SqlHistory history,
      RegistryConfig config,
      ReportBuilder report) {
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
    return new ValueComparison(columns, registry, new WriterSchemas(registry), history);
  }

  /** A decoder for one thread; null where nothing is compared. */
  TopicValues decoder() {
    return schemas == null ? null : new TopicValues(columns, schemas, history);
  }

  /** Whether the topic's values could be decoded so far. */
  boolean works() {
    return schemas != null && schemas.unreachable() == null;
  }

  /**
   * Enters what can't be said of the SQL, once the topic was read; where that is all of it, the
   * accounts forget what was evaluated.
   *
   * @param asked whether values are to be compared by all means
   */
  void reportSql(Map<Integer, TopicAccount> accounts, boolean asked, ReportBuilder report) {
    if (history == null) {
      return;
    }
    if (!works() || history.isVoid()) {
      accounts.values().forEach(TopicAccount::forgetSql);
    }
    long unknown =
        accounts.values().stream()
            .filter(TopicAccount::hasSql)
            .mapToLong(account -> account.sql().unknown.size())
            .sum();
    if (!works() || unknown == 0) {
      return;
    }
    String said =
        history.isVoid()
            ? "the sql takes in whole structs or all columns, which grew meanwhile: what it makes of"
                + " records was not checked, only their number"
            : ("by which sql %d records became rows or were filtered is not known: their values were"
                    + " not compared, and of those filtered only the number was checked")
                .formatted(unknown);
    if (asked) {
      report.add(Finding.of(Kind.SQL_NOT_PROVABLE, said));
    } else {
      report.note(said);
    }
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
              (columns.isEmpty()
                      ? "what the sql makes of records was not checked: "
                      : "values were not compared: ")
                  + schemas.unreachable().reason()));
    }
  }

  @Override
  public void close() {
    if (registry != null) {
      registry.close();
    }
  }
}
