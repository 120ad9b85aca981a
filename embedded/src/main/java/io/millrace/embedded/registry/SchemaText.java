package io.millrace.embedded.registry;

import java.util.List;

/**
 * An Avro schema as it is stored and compared: two of the same text and references are one schema
 * and share an id.
 *
 * @param text Avro's own printing of the schema, in which white space no longer differs
 * @param references where the names come from that the text uses and does not define
 */
record SchemaText(String text, List<Reference> references) {
  SchemaText {
    references = List.copyOf(references);
  }

  boolean refersTo(String subject, int version) {
    return references.stream().anyMatch(r -> r.subject().equals(subject) && r.version() == version);
  }

  /**
   * A schema of another subject, used by name.
   *
   * @param name the full name of the Avro type
   */
  record Reference(String name, String subject, int version) {}
}
