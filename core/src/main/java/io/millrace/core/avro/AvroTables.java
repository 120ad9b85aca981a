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

  /**
   * The columns that a new table gets for records of this schema: its fields in order, then the
   * Kafka columns. A field whose only type is null gets no column: it has no values.
   *
   * @throws MillraceException {@code USAGE} where the schema has a type that can't be stored, or
   *     names that clash (with each other but for case, or with a Kafka column)
   */
  public static TableLayout layout(Schema schema, KafkaColumns kafkaColumns, NumberTypes numbers) {
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
    addKafka(
        schema, columns, kafkaColumns.partition(), ColumnType.INT, Column.Role.KAFKA_PARTITION);
    addKafka(schema, columns, kafkaColumns.offset(), ColumnType.LONG, Column.Role.KAFKA_OFFSET);
    addKafka(
        schema,
        columns,
        kafkaColumns.timestamp(),
        ColumnType.TIMESTAMP,
        Column.Role.KAFKA_TIMESTAMP);
    addKafka(schema, columns, kafkaColumns.key(), ColumnType.BINARY, Column.Role.KAFKA_KEY);
    return new TableLayout(columns);
  }

  private static void addKafka(
      Schema schema,
      List<Column> columns,
      Optional<String> name,
      ColumnType type,
      Column.Role role) {
    if (name.isEmpty()) {
      return;
    }
    for (Column other : columns) {
      if (other.name().equalsIgnoreCase(name.get())) {
        throw new MillraceException(
            ExitCode.USAGE,
            problem(schema),
            "column "
                + other.name()
                + " is also the name of a column that says where in Kafka a row"
                + " came from ("
                + name.get()
                + ")",
            "Give that Kafka column another name in the stream's config, or rename the field.");
      }
    }
    columns.add(new Column(name.get(), type, role));
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
