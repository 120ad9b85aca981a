package io.millrace.lake.verify;

/** A record that the table's columns can't hold, so that it must not be a row. */
final class UnstorableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;

  /**
   * @param field as in {@code order.items[].price}; empty for the whole record
   */
  UnstorableValueException(String field, String reason) {
    super(reason, null, false, false);
    this.field = field;
  }

  String field() {
    return field;
  }
}
