package io.millrace.embedded.registry;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a subject may be changed. */
enum Mode {
  READWRITE,
  READONLY,
  /** As read-only, and no subject's own mode is looked at. */
  READONLY_OVERRIDE;

  static Optional<Mode> of(String name) {
    return Arrays.stream(values())
        .filter(m -> name != null && m.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}
