package io.millrace.embedded.registry;

import java.util.Optional;

/** What one record of the {@code _schemas} topic changes. */
sealed interface Change {
  /** A version is new or replaces itself, as at a soft deletion. */
  record Put(Version version) implements Change {}

  /** A version is gone for good. */
  record Remove(String subject, int version) implements Change {}

  /** All versions of a subject up to this one are deleted softly. */
  record DeleteSubject(String subject, int upToVersion) implements Change {}

  /**
   * A compatibility level is set or taken away.
   *
   * @param subject empty for the registry's own
   * @param level empty to fall back to the registry's own, or to its default
   */
  record SetLevel(Optional<String> subject, Optional<CompatibilityLevel> level) implements Change {}

  /**
   * A mode is set or taken away.
   *
   * @param subject empty for the registry's own
   * @param mode empty to fall back to the registry's own, or to its default
   */
  record SetMode(Optional<String> subject, Optional<Mode> mode) implements Change {}

  /** A record that changes nothing. */
  record Nothing() implements Change {}
}
