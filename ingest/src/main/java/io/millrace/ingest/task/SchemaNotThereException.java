package io.millrace.ingest.task;

import io.millrace.core.error.MillraceException;

/** The schema behind a record's id can't be had now. Carries no stack trace. */
final class SchemaNotThereException extends Exception {
  private static final long serialVersionUID = 1L;

  private final MillraceException failure;
  private final boolean isFinal;

  SchemaNotThereException(MillraceException failure, boolean isFinal) {
    super(failure.problem() + ": " + failure.reason(), failure, false, false);
    this.failure = failure;
    this.isFinal = isFinal;
  }

  MillraceException failure() {
    return failure;
  }

  /** Whether the registry has said long enough that there is no such schema. */
  boolean isFinal() {
    return isFinal;
  }
}
