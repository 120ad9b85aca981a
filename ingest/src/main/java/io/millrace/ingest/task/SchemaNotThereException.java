package io.millrace.ingest.task;

import io.millrace.core.error.MillraceException;
import java.time.Duration;

/** The schema behind a record's id can't be had now. Carries no stack trace. */
final class SchemaNotThereException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Of a record that is old enough its schema was registered long ago, so that the registry's
   * replicas have it: then this is enough, and ids that mean nothing can't make a stream fall
   * behind, however many there are.
   */
  private static final Duration ENOUGH_FOR_OLD_RECORDS = Duration.ofSeconds(1);

  private final MillraceException failure;

  /** Null where the registry has not said that it does not know the schema. */
  private final Duration unknownFor;

  private final Duration unknownAfter;

  /**
   * @param unknownFor how long the registry has said so; null where it has not
   * @param unknownAfter how long it may say so
   */
  SchemaNotThereException(MillraceException failure, Duration unknownFor, Duration unknownAfter) {
    super(failure.problem() + ": " + failure.reason(), failure, false, false);
    this.failure = failure;
    this.unknownFor = unknownFor;
    this.unknownAfter = unknownAfter;
  }

  MillraceException failure() {
    return failure;
  }

  /**
   * Whether the registry has said long enough that there is no such schema.
   *
   * @param age of the record by its timestamp
   */
  boolean isFinal(Duration age) {
    if (unknownFor == null) {
      return false;
    }
    return unknownFor.compareTo(unknownAfter) >= 0
        || age.compareTo(unknownAfter) >= 0 && unknownFor.compareTo(ENOUGH_FOR_OLD_RECORDS) >= 0;
  }
}
