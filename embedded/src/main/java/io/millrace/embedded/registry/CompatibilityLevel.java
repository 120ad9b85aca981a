package io.millrace.embedded.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which earlier versions a new one must fit, and in which direction. */
enum CompatibilityLevel {
  NONE(false, false, false),
  /** The new schema reads what the latest wrote. */
  BACKWARD(true, false, false),
  BACKWARD_TRANSITIVE(true, false, true),
  /** The latest schema reads what the new one writes. */
  FORWARD(false, true, false),
  FORWARD_TRANSITIVE(false, true, true),
  FULL(true, true, false),
  FULL_TRANSITIVE(true, true, true);

  private final boolean newReadsOld;
  private final boolean oldReadsNew;
  private final boolean allVersions;

  CompatibilityLevel(boolean newReadsOld, boolean oldReadsNew, boolean allVersions) {
    this.newReadsOld = newReadsOld;
    this.oldReadsNew = oldReadsNew;
    this.allVersions = allVersions;
  }

  boolean newReadsOld() {
    return newReadsOld;
  }

  boolean oldReadsNew() {
    return oldReadsNew;
  }

  /** Whether every earlier version counts, not only the latest. */
  boolean allVersions() {
    return allVersions;
  }

  static Optional<CompatibilityLevel> of(String name) {
    return Arrays.stream(values())
        .filter(l -> name != null && l.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}
