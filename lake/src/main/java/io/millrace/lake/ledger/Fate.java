package io.millrace.lake.ledger;

import java.util.Objects;

/**
 * What became of dead letters in one commit.
 *
 * @param at when, as in ISO 8601
 * @param by whom, for people
 * @param attempt of the commit, see {@link Resolutions#attempt}
 * @param error the error class of now, where they stay; else null
 * @param reason why they were given up, or what is wrong with them now; null where they are rows
 */
public record Fate(Kind kind, String at, String by, String attempt, String error, String reason) {
  /** How it ended. */
  public enum Kind {
    /** They are rows of the main table. */
    REDRIVEN,
    /** They were given up. */
    DISCARDED,
    /** They were tried again and are still none, for another reason than at first. */
    STAYED
  }

  public Fate {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(attempt, "attempt");
    if ((error != null) != (kind == Kind.STAYED) || (reason == null) != (kind == Kind.REDRIVEN)) {
      throw new IllegalArgumentException(
          "%s with error %s and reason %s".formatted(kind, error, reason));
    }
  }

  public static Fate redriven(String at, String by, String attempt) {
    return new Fate(Kind.REDRIVEN, at, by, attempt, null, null);
  }

  public static Fate discarded(String at, String by, String attempt, String reason) {
    return new Fate(Kind.DISCARDED, at, by, attempt, null, reason);
  }

  public static Fate stayed(String at, String by, String attempt, String error, String reason) {
    return new Fate(Kind.STAYED, at, by, attempt, error, reason);
  }
}
