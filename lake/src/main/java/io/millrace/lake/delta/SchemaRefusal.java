package io.millrace.lake.delta;

/**
 * Something that a table was asked to take and can't.
 *
 * @param path the column, with a dot before each member; an array's items are {@code element}, a
 *     map's {@code key} and {@code value}
 * @param reason why not, as the rest of a sentence about the column
 */
public record SchemaRefusal(String path, String reason) {
  @Override
  public String toString() {
    return "column " + path + " " + reason;
  }
}
