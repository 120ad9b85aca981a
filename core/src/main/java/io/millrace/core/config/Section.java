package io.millrace.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One mapping of the config, read key by key; what was not asked for is unknown and refused. */
final class Section {
  private final String path;
  private final YamlNode.Mapping mapping;
  private final ConfigErrors errors;
  private final Map<String, YamlNode> rest;
  private final List<String> known;

  /**
   * @param path the section's full path, empty for the root
   * @param known all its keys
   */
  Section(String path, YamlNode.Mapping mapping, List<String> known, ConfigErrors errors) {
    this.path = path;
    this.mapping = mapping;
    this.known = known;
    this.errors = errors;
    this.rest = new LinkedHashMap<>(mapping.entries());
    for (String key : mapping.entries().keySet()) {
      if (!known.contains(key)) {
        YamlNode node = rest.remove(key);
        errors.add(node.origin(), path(key), "unknown key" + Suggestion.text(key, known));
      }
    }
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  String origin() {
    return mapping.origin();
  }

  /** A required text; null where it is missing, which is told. */
  String required(String key, String needed) {
    Optional<String> value = text(key);
    if (value.isEmpty() && !isTold(key)) {
      errors.add(origin(), path(key), "is missing, needed: " + needed);
    }
    return value.orElse(null);
  }

  /** Whether the value is missing because of an error that was told while reading. */
  private boolean isTold(String key) {
    YamlNode node = rest.get(key);
    return node != null
        && !(node instanceof YamlNode.Scalar scalar && (scalar.text() != null || !scalar.secret()));
  }

  Optional<String> text(String key) {
    return scalar(key, "a text").map(YamlNode.Scalar::text).filter(text -> !text.isBlank());
  }

  /** A value that {@code parse} reads or refuses by an exception that says what is needed. */
  <T> T value(String key, T otherwise, Function<String, T> parse) {
    Optional<YamlNode.Scalar> scalar = scalar(key, "one value");
    if (scalar.isEmpty()) {
      return otherwise;
    }
    try {
      return parse.apply(scalar.get().text());
    } catch (IllegalArgumentException e) {
      errors.badValue(scalar.get(), path(key), e.getMessage());
      return otherwise;
    }
  }

  <E extends Enum<E>> E oneOf(String key, E otherwise, Class<E> type) {
    return value(key, otherwise, text -> parse(text, type));
  }

  /** An enum's constant by its lower-case name. */
  static <E extends Enum<E>> E parse(String text, Class<E> type) {
    List<String> names =
        java.util.Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .toList();
    int at = names.indexOf(text.toLowerCase(Locale.ROOT));
    if (at < 0) {
      throw new IllegalArgumentException(
          "one of " + String.join(", ", names) + Suggestion.text(text, names));
    }
    return type.getEnumConstants()[at];
  }

  private Optional<YamlNode.Scalar> scalar(String key, String needed) {
    YamlNode node = rest.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.text() == null ? Optional.empty() : Optional.of(scalar);
    }
    errors.add(node.origin(), path(key), "is a section or list, needed: " + needed);
    return Optional.empty();
  }

  /** The keys of a sub-section; empty where there is none. */
  YamlNode.Mapping mapping(String key) {
    YamlNode node = rest.get(key);
    if (node instanceof YamlNode.Mapping found) {
      return found;
    }
    if (node != null && !(node instanceof YamlNode.Scalar scalar && scalar.text() == null)) {
      errors.add(node.origin(), path(key), "needed: keys with values, indented below it");
    }
    return new YamlNode.Mapping(node == null ? origin() : node.origin(), new LinkedHashMap<>());
  }

  Optional<Section> section(String key, List<String> keys) {
    return rest.containsKey(key)
        ? Optional.of(new Section(path(key), mapping(key), keys, errors))
        : Optional.empty();
  }

  /** A sub-section of properties that are passed through by their own names. */
  Map<String, String> properties(String key) {
    return properties(path(key), mapping(key), errors);
  }

  static Map<String, String> properties(
      String path, YamlNode.Mapping mapping, ConfigErrors errors) {
    Map<String, String> properties = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, node) -> {
              if (node instanceof YamlNode.Scalar scalar) {
                if (scalar.text() != null) {
                  properties.put(name, scalar.text());
                } else if (!scalar.secret()) {
                  errors.add(node.origin(), path + "." + name, "is empty, needed: a value");
                }
              } else {
                errors.add(
                    node.origin(),
                    path + "." + name,
                    "is a section or list, needed: the property's whole name with its dots, and"
                        + " one value");
              }
            });
    return properties;
  }
}
