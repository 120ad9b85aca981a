package io.millrace.core.avro;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** Between Avro schemas and table columns. */
public final class AvroTables {
  /**
   * Characters that Delta refuses in column names unless column mapping is on (Delta protocol,
   * "Valid Feature Names" and Parquet's own names).
   */
  private static final String REFUSED_CHARACTERS = " ,;{}()\n\t=";

  private AvroTables() {}

  /**
   * The columns that a new table gets for records of this schema: its fields in order, then the
   * Kafka columns. A field whose only type is null gets no column: it has no values.
   *
   * @throws MillraceException {@code USAGE} where the schema has a type that can't be stored, or
   *     names that clash (with each other but for case, or with a Kafka column)
   */
  public static TableLayout layout(Schema schema, KafkaColumns kafkaColumns) {
    requireRecord(schema, ExitCode.USAGE);
    List<Column> columns = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      FieldType type = fieldType(schema, field, ExitCode.USAGE);
      if (type != FieldType.NULL) {
        columns.add(new Column(field.name(), type.column(), Column.Role.FIELD));
      }
    }
    addKafka(columns, kafkaColumns.partition(), ColumnType.INT, Column.Role.KAFKA_PARTITION);
    addKafka(columns, kafkaColumns.offset(), ColumnType.LONG, Column.Role.KAFKA_OFFSET);
    addKafka(columns, kafkaColumns.timestamp(), ColumnType.TIMESTAMP, Column.Role.KAFKA_TIMESTAMP);
    addKafka(columns, kafkaColumns.key(), ColumnType.BINARY, Column.Role.KAFKA_KEY);
    checkNames(schema, columns);
    return new TableLayout(columns);
  }

  private static void addKafka(
      List<Column> columns, Optional<String> name, ColumnType type, Column.Role role) {
    name.ifPresent(present -> columns.add(new Column(present, type, role)));
  }

  private static void checkNames(Schema schema, List<Column> columns) {
    Map<String, Column> seen = new HashMap<>();
    for (Column column : columns) {
      String name = column.name();
      for (int i = 0; i < name.length(); i++) {
        if (REFUSED_CHARACTERS.indexOf(name.charAt(i)) >= 0) {
          throw new MillraceException(
              ExitCode.USAGE,
              problem(schema),
              "column name \""
                  + name
                  + "\" contains a character of \" ,;{}()\\n\\t=\", which Delta"
                  + " does not allow",
              "Rename the field, for example to "
                  + name.replaceAll("[ ,;{}()\n\t=]", "_")
                  + ", and register the new schema.");
        }
      }
      Column other = seen.put(name.toLowerCase(Locale.ROOT), column);
      if (other != null) {
        throw clash(schema, other, column);
      }
    }
  }

  private static MillraceException clash(Schema schema, Column first, Column second) {
    if (second.role() == Column.Role.FIELD) {
      return new MillraceException(
          ExitCode.USAGE,
          problem(schema),
          "fields " + first.name() + " and " + second.name() + " differ only by case",
          "Delta's column names don't: rename one of the fields.");
    }
    return new MillraceException(
        ExitCode.USAGE,
        problem(schema),
        "column "
            + first.name()
            + " is also the name of a column that says where in Kafka a row"
            + " came from ("
            + second.name()
            + ")",
        "Give that Kafka column another name in the stream's config, or rename the field.");
  }

  /**
   * A decoder from this writer schema into this layout. Layout columns that the writer lacks become
   * null.
   *
   * @throws MillraceException {@code PROTECTED} where the writer has a field that the layout lacks,
   *     or one whose type the column can't take
   */
  public static RecordDecoder decoder(Schema writer, TableLayout layout) {
    requireRecord(writer, ExitCode.PROTECTED);
    List<Schema.Field> fields = writer.getFields();
    String[] names = new String[fields.size()];
    FieldReader[] readers = new FieldReader[fields.size()];
    int[] places = new int[fields.size()];
    boolean[] filled = new boolean[layout.columns().size()];
    for (int i = 0; i < readers.length; i++) {
      Schema.Field field = fields.get(i);
      FieldType type = fieldType(writer, field, ExitCode.PROTECTED);
      names[i] = field.name();
      places[i] = place(writer, field, type, layout);
      if (places[i] == ProgramDecoder.NO_COLUMN) {
        readers[i] = type.reader(field.schema(), null);
      } else {
        filled[places[i]] = true;
        readers[i] = reader(writer, field, type, layout.columns().get(places[i]));
      }
    }
    return new ProgramDecoder(names, readers, places, missing(layout, filled));
  }

  private static int place(Schema writer, Schema.Field field, FieldType type, TableLayout layout) {
    int place = layout.indexOf(field.name());
    if (place < 0) {
      if (type == FieldType.NULL) {
        return ProgramDecoder.NO_COLUMN;
      }
      for (Column column : layout.columns()) {
        if (column.name().equalsIgnoreCase(field.name())) {
          throw new MillraceException(
              ExitCode.PROTECTED,
              problem(writer),
              "field " + field.name() + " differs from column " + column.name() + " only by case",
              "Delta's column names don't: give the field the column's name, or another one.");
        }
      }
      throw new MillraceException(
          ExitCode.PROTECTED,
          problem(writer),
          "the table has no column for field " + field.name() + " (" + field.schema() + ")",
          "Add the column to the table ("
              + type.column()
              + "), so that no value is dropped, and start again.");
    }
    if (layout.columns().get(place).role() != Column.Role.FIELD) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          problem(writer),
          "field "
              + field.name()
              + " has the name of a column that says where in Kafka a row came"
              + " from",
          "Give that Kafka column another name in the stream's config, or rename the field.");
    }
    return place;
  }

  private static FieldReader reader(
      Schema writer, Schema.Field field, FieldType type, Column column) {
    FieldReader reader = type.reader(field.schema(), column.type());
    if (reader == null) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          problem(writer),
          "field "
              + field.name()
              + " is "
              + field.schema()
              + ", column "
              + column.name()
              + " is "
              + column.type(),
          "Let the producer go back to a type that the column can take, or write this topic to a"
              + " new table.");
    }
    return reader;
  }

  private static int[] missing(TableLayout layout, boolean[] filled) {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < filled.length; i++) {
      if (!filled[i] && layout.columns().get(i).role() == Column.Role.FIELD) {
        missing.add(i);
      }
    }
    return missing.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void requireRecord(Schema schema, ExitCode exitCode) {
    if (schema.getType() != Schema.Type.RECORD) {
      throw new MillraceException(
          exitCode,
          "The schema " + schema + " has no columns",
          "it is of type " + schema.getType().getName() + ", a table needs a record",
          "Register a record schema for the topic's values.");
    }
  }

  private static FieldType fieldType(Schema record, Schema.Field field, ExitCode exitCode) {
    return FieldType.of(field.schema())
        .orElseThrow(
            () ->
                new MillraceException(
                    exitCode,
                    problem(record),
                    "field "
                        + field.name()
                        + " has the type "
                        + field.schema()
                        + ", which can't be a table column",
                    "Supported are boolean, int, long, float, double, string, bytes, enum, date,"
                        + " timestamp-millis, timestamp-micros, and a union of one of these with"
                        + " null."));
  }

  private static String problem(Schema schema) {
    return "Schema " + schema.getFullName() + " does not fit a table";
  }
}
