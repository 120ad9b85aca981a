package io.millrace.producer.file;

/** A value that does not fit its schema; the message names the field. */
final class MisfitException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param path of the field, empty for the record itself
   */
  MisfitException(String path, String reason) {
    super(path.isEmpty() ? reason : path + ": " + reason, null, false, false);
  }
}
