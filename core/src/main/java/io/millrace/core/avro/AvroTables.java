package io.millrace.core.avro;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Between Avro schemas and table columns (docs/types.md). */
public final class AvroTables {
  /**
   * A layout that a writer schema was merged into.
   *
   * @param layout the columns there were, and those added
   * @param refusals fields that no column could be added for, and why; their values can't be stored
   */
  public record Widened(TableLayout layout, List<String> refusals) {}

  private AvroTables() {}

  /** As the longer form, with {@link NumberTypes#WIDE}. */
  public static TableLayout layout(Schema schema, KafkaColumns kafkaColumns) {
    return layout(schema, kafkaColumns, NumberTypes.WIDE);
  }

  /** As the longer form, where no schema of keys is at hand: a column of Avro keys is BINARY. */
  public static TableLayout layout(Schema schema, KafkaColumns kafkaColumns, NumberTypes numbers) {
    return layout(schema, Optional.empty(), kafkaColumns, numbers);
  }

  /**
   * The columns that a new table gets for records of this schema: its fields in order, then the
   * Kafka columns. A field whose only type is null gets no column: it has no values.
   *
   * @param keys the schema of the keys, where a column stores keys that are Avro
   * @throws MillraceException {@code USAGE} where the schema has a type that can't be stored, or
   *     names that clash (with each other but for case, or with a Kafka column)
   */
  public static TableLayout layout(
      Schema schema, Optional<Schema> keys, KafkaColumns kafkaColumns, NumberTypes numbers) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The schema " + schema + " has no columns",
          "it is of type " + schema.getType().getName() + ", a table needs a record",
          "Register a record schema for the topic's values.");
    }
    List<Column> columns;
    try {
      columns = new ArrayList<>(new AvroTypes(numbers).fields(schema));
    } catch (UnstorableException e) {
      throw new MillraceException(ExitCode.USAGE, problem(schema), e.getMessage(), e.remedy(), e);
    }
    kafkaColumns.names().forEach((key, name) -> requireNoField(schema, columns, key, name));
    columns.addAll(kafkaColumns(keys, kafkaColumns, numbers));
    return new TableLayout(columns);
  }

  /**
   * The Kafka columns of a new table, which follow those of the fields.
   *
   * @param keys the schema of the keys, where a column stores keys that are Avro
   * @throws MillraceException {@code USAGE} where the keys can't be stored
   */
  public static List<Column> kafkaColumns(
      Optional<Schema> keys, KafkaColumns kafkaColumns, NumberTypes numbers) {
    ColumnType keyType =
        switch (kafkaColumns.keyFormat()) {
          case BYTES -> ColumnType.BINARY;
          case STRING -> ColumnType.STRING;
          case AVRO -> keys.map(k -> keyType(k, numbers)).orElse(ColumnType.BINARY);
        };
    List<Column> columns = new ArrayList<>();
    add(columns, kafkaColumns.partition(), ColumnType.INT, Column.Role.KAFKA_PARTITION);
    add(columns, kafkaColumns.offset(), ColumnType.LONG, Column.Role.KAFKA_OFFSET);
    add(columns, kafkaColumns.timestamp(), ColumnType.TIMESTAMP, Column.Role.KAFKA_TIMESTAMP);
    add(columns, kafkaColumns.key(), keyType, Column.Role.KAFKA_KEY);
    add(columns, kafkaColumns.headers(), ColumnType.HEADERS, Column.Role.KAFKA_HEADERS);
    return columns;
  }

  private static void add(
      List<Column> columns, Optional<String> name, ColumnType type, Column.Role role) {
    name.ifPresent(n -> columns.add(new Column(n, type, role)));
  }

  /** The column type of keys; a schema whose only type is null gets BOOLEAN, as in arrays. */
  private static ColumnType keyType(Schema schema, NumberTypes numbers) {
    try {
      return new AvroTypes(numbers).typeOf(schema).orElse(ColumnType.BOOLEAN);
    } catch (UnstorableException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The key schema " + schema.getFullName() + " does not fit a column",
          e.getMessage(),
          e.remedy(),
          e);
    }
  }

  /**
   * @param key of the config, below {@code columns}
   */
  private static void requireNoField(Schema schema, List<Column> columns, String key, String name) {
    for (Column other : columns) {
      if (other.name().equalsIgnoreCase(name)) {
        throw new MillraceException(
            ExitCode.USAGE,
            problem(schema),
            "its field %s has the name of the column columns.%s, which is %s"
                .formatted(other.name(), key, name),
            "Set the stream's columns.%s to another name or to off, or rename the field."
                .formatted(key));
      }
    }
  }

  /**
   * The layout with what the writer schema has beside it: columns at the end, members at the ends
   * of structs. Equal to {@code layout} where there is nothing new. Merging is idempotent.
   */
  public static Widened widen(TableLayout layout, Schema writer, NumberTypes numbers) {
    if (writer.getType() != Schema.Type.RECORD) {
      return new Widened(layout, List.of("it is no record"));
    }
    LayoutMerge merge = new LayoutMerge(numbers);
    List<Column> columns = merge.merge(layout.columns(), writer, "");
    return new Widened(new TableLayout(columns), merge.refusals());
  }

  /** As {@link #widen}, for the key column and a writer schema of keys, which is of any type. */
  public static Widened widenKey(TableLayout layout, Schema writer, NumberTypes numbers) {
    int place = layout.indexOf(Column.Role.KAFKA_KEY);
    Column key = layout.columns().get(place);
    LayoutMerge merge = new LayoutMerge(numbers);
    List<Column> columns = new ArrayList<>(layout.columns());
    columns.set(
        place,
        new Column(
            key.name(), merge.merge(key.type(), writer, key.name()), key.role(), key.aliases()));
    return new Widened(new TableLayout(columns), merge.refusals());
  }

  /**
   * A decoder of keys of this writer schema: appends to the layout's key column, and to no other.
   */
  public static RecordDecoder keyDecoder(Schema writer, TableLayout layout) {
    int place = layout.indexOf(Column.Role.KAFKA_KEY);
    return new KeyDecoder(
        new DecoderBuilder(false).reader(writer, layout.columns().get(place).type()), place);
  }

  /**
   * A decoder from this writer schema into this layout. Layout columns that the writer lacks become
   * null; a record with a value that its column can't take, or for which there is no column, is
   * refused with a {@link DecodeException}.
   */
  public static RecordDecoder decoder(Schema writer, TableLayout layout) {
    return writer.getType() == Schema.Type.RECORD
        ? new FieldsDecoder(new DecoderBuilder(false).record(writer, layout.columns()))
        : noRecord(writer);
  }

  /** As {@link #decoder}, but fields for which there is no column are passed by. */
  public static RecordDecoder projection(Schema writer, TableLayout layout) {
    return writer.getType() == Schema.Type.RECORD
        ? new FieldsDecoder(new DecoderBuilder(true).record(writer, layout.columns()))
        : noRecord(writer);
  }

  /**
   * As {@link #projection(Schema, TableLayout)}, into some of the layout's columns: the rest is
   * passed by like fields for which there is no column.
   *
   * @param chosen columns of {@code layout}, in any order
   */
  public static RecordDecoder projection(Schema writer, TableLayout layout, TableLayout chosen) {
    return writer.getType() == Schema.Type.RECORD
        ? new FieldsDecoder(
            new DecoderBuilder(true).record(writer, layout.columns(), chosen.columns()))
        : noRecord(writer);
  }

  /** What of the writer's values {@link #decoder} refuses because of their type, a field each. */
  public static List<String> conflicts(Schema writer, TableLayout layout) {
    if (writer.getType() != Schema.Type.RECORD) {
      return List.of(noRecordReason(writer));
    }
    DecoderBuilder builder = new DecoderBuilder(false);
    builder.record(writer, layout.columns());
    return builder.conflicts();
  }

  private static RecordDecoder noRecord(Schema writer) {
    String reason = noRecordReason(writer);
    return (payload, batch) -> {
      throw new DecodeException(DecodeException.Kind.TYPE_CONFLICT, reason);
    };
  }

  private static String noRecordReason(Schema writer) {
    return "a value of type " + writer.getType().getName() + ", and a row needs a record";
  }

  private static String problem(Schema schema) {
    return "Schema " + schema.getFullName() + " does not fit a table";
  }
}
