package io.millrace.core.avro;

/** A schema that no column can hold. Says where, why and what helps; carries no stack trace. */
final class UnstorableException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String remedy;

  UnstorableException(String reason, String remedy) {
    super(reason, null, false, false);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
