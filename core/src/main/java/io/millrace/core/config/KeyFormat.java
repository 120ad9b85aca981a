package io.millrace.core.config;

/** What the keys of a topic's records are, and so what the key column stores. */
public enum KeyFormat {
  /** Any bytes, stored as they are: BINARY. */
  BYTES,
  /** UTF-8 text: STRING; each malformed part is U+FFFD, as Java reads it. */
  STRING,
  /** Avro with a schema id of its own: what the schema's type becomes. */
  AVRO
}
