package io.millrace.core.avro;

/** The bytes of one record are not what its writer schema says. Carries no stack trace. */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    super(message, null, false, false);
  }
}
