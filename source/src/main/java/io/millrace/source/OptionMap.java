package io.millrace.source;

import io.millrace.core.config.Secrets;
import io.millrace.core.config.Suggestion;
import io.millrace.core.error.MillraceException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Spark's options, whose names have no case; remembers which were asked for. */
final class OptionMap {
  private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  OptionMap(Map<String, String> options) {
    values.putAll(options);
  }

  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name));
  }

  /**
   * @param parse throws IllegalArgumentException with a reason
   */
  <T> Optional<T> value(String name, Function<String, T> parse) {
    return text(name)
        .map(
            text -> {
              try {
                return parse.apply(text.strip());
              } catch (IllegalArgumentException e) {
                throw wrong(name, text, e.getMessage());
              }
            });
  }

  Optional<Long> positive(String name) {
    return value(
        name,
        text -> {
          if (!text.matches("\\d{1,18}") || Long.parseLong(text) == 0) {
            throw new IllegalArgumentException("it must be a whole number above 0");
          }
          return Long.valueOf(text);
        });
  }

  boolean flag(String name, boolean otherwise) {
    return value(
            name,
            text ->
                switch (text.toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw new IllegalArgumentException("it must be true or false");
                })
        .orElse(otherwise);
  }

  <E extends Enum<E>> E oneOf(String name, E otherwise) {
    List<E> all = Arrays.asList(otherwise.getDeclaringClass().getEnumConstants());
    return value(
            name,
            text ->
                all.stream()
                    .filter(e -> e.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "it must be one of " + all.toString().toLowerCase(Locale.ROOT))))
        .orElse(otherwise);
  }

  /** What has this prefix, without it. */
  Map<String, String> withPrefix(String prefix) {
    Map<String, String> found = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.toLowerCase(Locale.ROOT).startsWith(prefix) && known.add(name)) {
            found.put(name.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /** Refuses what nobody has asked for: an option that is not obeyed is worse than none. */
  void requireNoOthers() {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw SourceErrors.usage(
            "Unknown option '" + name + "' of format millrace",
            "its options are " + String.join(", ", known),
            "Remove or correct it" + Suggestion.text(name, known),
            null);
      }
    }
  }

  MillraceException wrong(String name, String value, String reason) {
    return SourceErrors.usage(
        "Option '" + name + "' of format millrace is wrong",
        "'" + Secrets.shown(name, value) + "': " + reason,
        "Correct it",
        null);
  }
}
