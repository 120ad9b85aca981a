package io.millrace.core.avro;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import org.apache.avro.Schema;

/** Between Avro schemas and table columns. */
public final class AvroTables {
  private AvroTables() {}

  /**
   * The columns that a new table gets for records of this schema: its fields in order, then the
   * Kafka columns.
   *
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where the schema has a type that
   *     can't be stored, or names that clash (with each other but for case, or with a Kafka column)
   */
  public static TableLayout layout(Schema schema, KafkaColumns kafkaColumns) {
    throw new IllegalStateException("to be written");
  }

  /**
   * A decoder from this writer schema into this layout. Layout columns that the writer lacks become
   * null.
   *
   * @throws io.millrace.core.error.MillraceException {@code PROTECTED} where the writer has a field
   *     that the layout lacks, or one whose type the column can't take
   */
  public static RecordDecoder decoder(Schema writer, TableLayout layout) {
    throw new IllegalStateException("to be written");
  }
}
