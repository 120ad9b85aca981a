package io.millrace.core.registry;

import java.util.List;

/**
 * An Avro schema as a registry holds it.
 *
 * @param text JSON
 * @param references where the names come from that the text uses and does not define
 */
public record SchemaText(String text, List<Reference> references) {
  public SchemaText {
    references = List.copyOf(references);
  }

  /** Whether a version of a subject is among the references. */
  public boolean refersTo(String subject, int version) {
    return references.stream().anyMatch(r -> r.subject().equals(subject) && r.version() == version);
  }

  /**
   * A schema of another subject, used by name.
   *
   * @param name the full name of the Avro type
   * @param version from 1; in what others send to a registry -1 for the latest
   */
  public record Reference(String name, String subject, int version) {}
}
