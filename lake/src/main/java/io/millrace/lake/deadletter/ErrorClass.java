package io.millrace.lake.deadletter;

/** Why a record is a dead letter; the names are what the column {@code error_class} holds. */
public enum ErrorClass {
  /** The bytes are not what the writer's schema says: cut short, too many, or impossible. */
  MALFORMED,
  /** A field can't become the column of its name: the types differ. */
  TYPE_CONFLICT,
  /** A value that its column can't hold. */
  OUT_OF_RANGE,
  /** Larger than a limit. */
  TOO_LARGE,
  /** The value does not begin as the schema registry's wire format does. */
  NO_HEADER,
  /** The registry does not know the schema id. */
  UNKNOWN_SCHEMA,
  /** A validation rule does not hold. */
  INVALID,
  /** The stream's SQL has no value for an expression, or does not fit the record's schema. */
  TRANSFORM,
  /** The value is null, and the stream takes none. */
  NULL_VALUE
}
