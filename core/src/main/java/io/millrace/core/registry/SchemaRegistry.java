package io.millrace.core.registry;

import io.millrace.core.wire.SchemaKey;
import java.util.UUID;
import org.apache.avro.Schema;

/**
 * The part of a Confluent-compatible schema registry that Millrace uses. Implementations are safe
 * for use by several threads and cache what cannot change (the schema behind an id).
 *
 * <p>Every method throws a {@link io.millrace.core.error.MillraceException}: {@code UNREACHABLE}
 * where the registry does not answer, {@code USAGE} where it answers that the subject or id does
 * not exist or that a schema is refused.
 */
public interface SchemaRegistry extends AutoCloseable {
  /** A schema under a subject. */
  record Registered(String subject, int version, int id, Schema schema) {}

  /**
   * The writer schema behind a global id.
   *
   * @throws UnknownSchemaException where the registry answers that it has no Avro schema of that id
   */
  Schema byId(int id);

  /**
   * The writer schema of a GUID, which Confluent's registry knows from version 7.8 on.
   *
   * @throws UnknownSchemaException as {@link #byId}
   */
  Schema byGuid(UUID guid);

  /** The writer schema that a record names. */
  default Schema byKey(SchemaKey key) {
    return key.isGuid() ? byGuid(key.guid()) : byId(key.id());
  }

  /** The latest version under a subject. */
  Registered latest(String subject);

  /**
   * Registers a schema, or finds it where it already is, and returns its id. A registry's ids are
   * compared never, its schema text neither: some registries give one schema several ids.
   */
  int register(String subject, Schema schema);

  @Override
  void close();
}
