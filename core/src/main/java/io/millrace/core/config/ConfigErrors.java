package io.millrace.core.config;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gathers what is wrong with a config, so that it is all told at once. */
final class ConfigErrors {
  private static final Pattern LINE = Pattern.compile("line (\\d+): ");

  private final List<String> errors = new ArrayList<>();

  /**
   * @param origin where the text came from; null where it is missing
   * @param path the key's full path, such as {@code streams.a.topic}
   */
  void add(String origin, String path, String error) {
    errors.add((origin == null ? "" : origin + ": ") + path + ": " + error);
  }

  /** For an error that has no key. */
  void add(String error) {
    errors.add(error);
  }

  /** A value that is not what it must be; shown unless it is a secret. */
  void badValue(YamlNode.Scalar scalar, String path, String needed) {
    add(scalar.origin(), path, "is " + Secrets.quoted(path, scalar) + ", needed: " + needed);
  }

  /** Throws where there was any error. */
  void throwIfAny(String source) {
    if (errors.isEmpty()) {
      return;
    }
    errors.sort(Comparator.comparingInt(ConfigErrors::line));
    String problem = "The config " + source + " can't be used";
    String remedy = "Correct it; docs/config.md describes every key";
    if (errors.size() == 1) {
      throw new MillraceException(ExitCode.USAGE, problem, errors.get(0), remedy);
    }
    throw new MillraceException(
        ExitCode.USAGE, problem, errors.size() + " errors", remedy, errors, null);
  }

  /** In the file's order; what has no line comes last. */
  private static int line(String error) {
    Matcher matcher = LINE.matcher(error);
    return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
  }
}
