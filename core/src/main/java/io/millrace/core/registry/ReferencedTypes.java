package io.millrace.core.registry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Types that a schema uses by name and that other subjects define. */
public final class ReferencedTypes {
  private final Function<SchemaText.Reference, SchemaText> source;
  private final boolean validateDefaults;
  private final Map<String, Schema> known = new LinkedHashMap<>();

  /**
   * @param source finds a referenced schema; throws where there is none
   * @param validateDefaults whether a default of the wrong type is refused
   */
  public ReferencedTypes(
      Function<SchemaText.Reference, SchemaText> source, boolean validateDefaults) {
    this.source = source;
    this.validateDefaults = validateDefaults;
  }

  /**
   * Parses a schema, and before it what it refers to.
   *
   * @throws org.apache.avro.AvroRuntimeException where a text is no valid schema; Avro answers some
   *     mistakes with other runtime exceptions
   */
  public Schema parse(SchemaText schema) {
    add(schema.references());
    return parser().parse(schema.text());
  }

  /** Adds all types that these references bring, those of their own references included. */
  public void add(List<SchemaText.Reference> references) {
    for (SchemaText.Reference reference : references) {
      if (!known.containsKey(reference.name())) {
        SchemaText referenced = source.apply(reference);
        add(referenced.references());
        Schema.Parser parser = parser();
        parser.parse(referenced.text());
        known.putAll(parser.getTypes());
      }
    }
  }

  /** By full name, what has been added so far. */
  public Map<String, Schema> known() {
    return Map.copyOf(known);
  }

  /** The schema's text, in which names that references give stay names. */
  public String text(Schema schema) {
    return known.isEmpty() ? schema.toString() : schema.toString(known.values(), false);
  }

  private Schema.Parser parser() {
    return new Schema.Parser().setValidateDefaults(validateDefaults).addTypes(known.values());
  }
}
