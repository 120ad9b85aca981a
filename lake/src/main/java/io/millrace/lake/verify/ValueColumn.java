package io.millrace.lake.verify;

import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.millrace.core.column.ColumnType;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.KeyFormat;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.DeltaSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One column whose values are compared, as the table's own schema has it.
 *
 * @param name its name in the table
 * @param type what it stores
 * @param source where the topic has its values
 * @param derivedFrom the column a derived one comes from; null for others, and for one that comes
 *     from Kafka's timestamp
 * @param aliases other names that writer schemas give to its field
 */
record ValueColumn(
    String name, ColumnType type, Source source, String derivedFrom, List<String> aliases) {
  /** Where the topic has a column's values. */
  enum Source {
    FIELD,
    TIMESTAMP,
    KEY,
    TEXT_KEY,
    AVRO_KEY,
    HEADERS,
    DERIVED_DATE,
    DERIVED_HOUR
  }

  /** A field's column without other names. */
  static ValueColumn field(String name, ColumnType type) {
    return new ValueColumn(name, type, Source.FIELD, null, List.of());
  }

  /** Whether it is derived from Kafka's timestamp and not from a field. */
  boolean ofKafkaTimestamp() {
    return derivedFrom == null && (source == Source.DERIVED_DATE || source == Source.DERIVED_HOUR);
  }

  /**
   * All columns of the table but partition, offset and generation, which tie both sides together.
   *
   * @param partitionedBy the table's partition columns
   * @param unknown gets the names of columns that can't be compared, and why
   */
  static List<ValueColumn> of(
      StructType schema, Set<String> partitionedBy, StreamConfig stream, List<String> unknown) {
    KafkaColumns kafka = stream.columns();
    List<ValueColumn> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      Optional<String> name = Optional.of(field.getName());
      if (name.equals(kafka.partition())
          || name.equals(kafka.offset())
          || DeltaSchema.isGeneration(field)) {
        continue;
      }
      ColumnType type = DeltaSchema.columnType(field.getDataType()).orElse(null);
      if (type == null) {
        unknown.add(field.getName() + " (" + field.getDataType() + ")");
        continue;
      }
      Optional<PartitionBy> derived =
          stream.partitionBy().filter(p -> p.column().equals(field.getName()));
      if (partitionedBy.contains(field.getName())
          && derived.filter(by -> type(by.unit()).equals(type)).isEmpty()) {
        unknown.add(
            field.getName()
                + " (the table is partitioned by it, not as the stream's partitionBy says)");
        continue;
      }
      Source source =
          name.equals(kafka.timestamp())
              ? Source.TIMESTAMP
              : name.equals(kafka.key())
                  ? key(kafka.keyFormat())
                  : name.equals(kafka.headers())
                      ? Source.HEADERS
                      : derived.isEmpty()
                          ? Source.FIELD
                          : derived.get().unit() == PartitionBy.Unit.DATE
                              ? Source.DERIVED_DATE
                              : Source.DERIVED_HOUR;
      columns.add(
          new ValueColumn(
              field.getName(),
              type,
              source,
              derived
                  .map(PartitionBy::source)
                  .filter(from -> !Optional.of(from).equals(kafka.timestamp()))
                  .orElse(null),
              DeltaSchema.aliases(field)));
    }
    return columns;
  }

  private static Source key(KeyFormat format) {
    return switch (format) {
      case BYTES -> Source.KEY;
      case STRING -> Source.TEXT_KEY;
      case AVRO -> Source.AVRO_KEY;
    };
  }

  private static ColumnType type(PartitionBy.Unit unit) {
    return unit == PartitionBy.Unit.DATE ? ColumnType.DATE : ColumnType.STRING;
  }
}
