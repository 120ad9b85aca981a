package io.millrace.lake.delta;

/** Where tables lie that belong to another one. */
public final class SiblingPath {
  private SiblingPath() {}

  /** The path of a table beside another, whose path may end with slashes. */
  public static String of(String table, String suffix) {
    String trimmed = table;
    while (trimmed.length() > 1 && trimmed.endsWith("/")) {
      trimmed = trimmed.substring(0, trimmed.length() - 1);
    }
    return trimmed + suffix;
  }
}
