package io.millrace.embedded.registry;

import io.millrace.core.registry.SchemaText;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Turns texts into schemas with the help of the store, which knows what references point to. */
final class SchemaReader {
  private static final int LATEST = -1;

  private final SchemaStore store;

  SchemaReader(SchemaStore store) {
    this.store = store;
  }

  /**
   * A request's schema.
   *
   * @param text in the form in which it is stored and compared
   */
  record Read(SchemaText text, Schema schema, boolean normalized) {
    /** Whether a stored schema is this one. */
    boolean matches(SchemaText stored) {
      return stored.equals(text)
          || (normalized
              && stored.references().equals(text.references())
              && AvroText.normalized(stored.text()).equals(text.text()));
    }
  }

  /** Throws 42201 where the request holds no valid Avro schema. */
  Read read(String subject, SchemaRequest request, boolean normalize) {
    if (!request.type().equals("AVRO")) {
      throw RegistryError.invalidSchema(
          subject, "schema type " + request.type() + " is not served here, only AVRO");
    }
    try {
      SchemaText sent =
          new SchemaText(
              request.schema().text(),
              request.schema().references().stream().map(this::withVersion).toList());
      Schema schema = parse(sent);
      String canonical = AvroText.canonical(sent, schema, this::referenced);
      String text = normalize ? AvroText.normalized(canonical) : canonical;
      return new Read(new SchemaText(text, sent.references()), schema, normalize);
    } catch (RuntimeException | StackOverflowError e) {
      // Avro 1.12 answers some wrong schemas with other exceptions than its own, such as a
      // top-level
      // name that nothing defines.
      throw RegistryError.invalidSchema(subject, String.valueOf(e.getMessage()));
    }
  }

  /** A stored schema, which was valid when it was stored. */
  Schema parse(SchemaText schema) {
    return AvroText.parse(schema, this::referenced);
  }

  /** The newest version that passes. */
  Optional<Version> latest(String subject, Predicate<Version> filter) {
    return store.versions(subject, filter).stream().max(Comparator.comparing(Version::version));
  }

  private SchemaText.Reference withVersion(SchemaText.Reference reference) {
    return reference.version() != LATEST
        ? reference
        : latest(reference.subject(), Version::live)
            .map(v -> new SchemaText.Reference(reference.name(), reference.subject(), v.version()))
            .orElseThrow(() -> dangling(reference));
  }

  private SchemaText referenced(SchemaText.Reference reference) {
    return store
        .version(reference.subject(), reference.version())
        .map(Version::schema)
        .orElseThrow(() -> dangling(reference));
  }

  private static AvroRuntimeException dangling(SchemaText.Reference reference) {
    return new AvroRuntimeException(
        "No schema reference found for subject \"%s\" and version %d"
            .formatted(reference.subject(), reference.version()));
  }
}
