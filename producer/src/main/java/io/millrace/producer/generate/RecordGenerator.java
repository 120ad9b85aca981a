package io.millrace.producer.generate;

import java.util.Map;
import org.apache.avro.Schema;

/**
 * Makes a schema's records as Avro binary behind the wire-format header. What record <i>i</i> holds
 * is a function of seed, <i>i</i> and event time alone. Holds no state beside the compiled writers:
 * threads share it, each with its own {@link Draft}.
 */
public final class RecordGenerator {
  private final Writer[] fields;
  private final int keyField;

  private RecordGenerator(Writer[] fields, int keyField) {
    this.fields = fields;
    this.keyField = keyField;
  }

  /**
   * Compiles the writers of a schema.
   *
   * @param schema a record schema
   * @param keyField top-level field that {@link #generate} marks as the key; null: none
   * @param hints field path to hint; they go before annotations in the schema
   */
  public static RecordGenerator compile(
      Schema schema, String keyField, Map<String, Map<String, Object>> hints) {
    Hints found = new Hints(schema, hints);
    Writer[] fields = new Compiler(found).fields(schema, "");
    found.checkAllUsed(schema);
    return new RecordGenerator(fields, keyField == null ? -1 : schema.getField(keyField).pos());
  }

  /** Makes the record of that number in {@code draft}, in place of what it held. */
  public void generate(Draft draft, long recordNumber) {
    draft.begin(recordNumber);
    for (int i = 0; i < fields.length; i++) {
      if (i == keyField) {
        draft.keyStart = draft.end;
        fields[i].write(draft);
        draft.keyEnd = draft.end;
      } else {
        fields[i].write(draft);
      }
    }
  }
}
