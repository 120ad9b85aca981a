package io.millrace.core.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest of the names, if it is near enough to be a slip of the same word. */
  static Optional<String> of(String written, Collection<String> names) {
    return nearest(written, names, Math.max(2, written.length() / 3));
  }

  /** Likewise, at most two keys away: where unknown names are allowed. */
  public static Optional<String> ofSlip(String written, Collection<String> names) {
    return nearest(written, names, 2);
  }

  private static Optional<String> nearest(String written, Collection<String> names, int most) {
    String best = null;
    int bestDistance = most + 1;
    for (String name : names) {
      int distance = distance(plain(written), plain(name));
      if (distance < bestDistance) {
        best = name;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code ; did you mean X?}, or nothing. */
  public static String text(String written, Collection<String> names) {
    return of(written, names).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** Levenshtein's distance, a swap of two neighbours counting as one. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
