package io.millrace.ingest.model;

/** Something that must never happen. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String what) {
    super(what, null, false, false);
  }
}
