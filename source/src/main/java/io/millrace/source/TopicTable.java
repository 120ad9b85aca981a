package io.millrace.source;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.Suggestion;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** A topic as a table, with the columns of its subject's latest schema. */
final class TopicTable implements SupportsRead {
  private final SourceOptions options;

  /** What the schema and the Kafka columns give, before {@code columns} chooses. */
  private final TableLayout all;

  private final TableLayout layout;

  private TopicTable(SourceOptions options, TableLayout all) {
    this.options = options;
    this.all = all;
    this.layout = options.columns().map(names -> chosen(names, all)).orElse(all);
  }

  static TopicTable of(SourceOptions options) {
    try (SchemaRegistry registry = new RestSchemaRegistry(options.registry())) {
      return new TopicTable(
          options,
          AvroTables.layout(
              registry.latest(options.subject()).schema(),
              options.kafkaColumns(),
              options.numberTypes()));
    }
  }

  private static TableLayout chosen(List<String> names, TableLayout all) {
    List<String> known = all.columns().stream().map(Column::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw SourceErrors.usage(
            "Option 'columns' of format millrace names no column",
            "'" + name + "' is not among " + known,
            "Correct it" + Suggestion.text(name, known),
            null);
      }
    }
    return new TableLayout(
        names.stream().map(name -> all.columns().get(all.indexOf(name))).toList());
  }

  TableLayout layout() {
    return layout;
  }

  @Override
  public String name() {
    return "millrace " + options.topic();
  }

  @Override
  @SuppressWarnings("deprecation") // The replacement has a default that calls this one.
  public StructType schema() {
    return SparkTypes.struct(layout.columns());
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ, TableCapability.MICRO_BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap ignored) {
    return new TopicScanBuilder(options, all, layout);
  }
}
