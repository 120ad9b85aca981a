package io.millrace.cli.schema;

/**
 * One difference between two schemas.
 *
 * @param path names of fields with dots between; {@code []} for an array's items, {@code {}} for a
 *     map's values, {@code <name>} for a union's branch; empty for the schema itself
 * @param kind what it is
 * @param words for people
 */
record SchemaChange(String path, Kind kind, String words) {
  /** What may differ. */
  enum Kind {
    ADDED,
    REMOVED,
    RENAMED,
    PROMOTED,
    TYPE_CHANGED,
    NULLABLE_CHANGED,
    DEFAULT_CHANGED,
    SYMBOL_ADDED,
    SYMBOL_REMOVED,
    BRANCH_ADDED,
    BRANCH_REMOVED,
    ORDER_CHANGED,
    ALIASES_CHANGED,
    DOC_CHANGED,
    PROPERTY_CHANGED
  }

  /** As a line. */
  String text() {
    char sign =
        switch (kind) {
          case ADDED, SYMBOL_ADDED, BRANCH_ADDED -> '+';
          case REMOVED, SYMBOL_REMOVED, BRANCH_REMOVED -> '-';
          default -> '~';
        };
    return "%c %s: %s".formatted(sign, path.isEmpty() ? "(schema)" : path, words);
  }
}
