package io.millrace.core.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Reads and shows {@code streams.<name>.rules}: for each field what must hold of it. */
final class RulesSection {
  static final List<String> KEYS = List.of("notNull", "min", "max", "pattern", "in");

  private RulesSection() {}

  static List<FieldRule> read(String path, YamlNode.Mapping rules, ConfigErrors errors) {
    List<FieldRule> read = new ArrayList<>();
    rules
        .entries()
        .forEach(
            (field, node) -> {
              String at = path + "." + field;
              if (node instanceof YamlNode.Mapping mapping) {
                read.add(rule(field, at, mapping, errors));
              } else {
                errors.add(node.origin(), at, "needed: one or more of " + String.join(", ", KEYS));
              }
            });
    return read;
  }

  private static FieldRule rule(
      String field, String path, YamlNode.Mapping mapping, ConfigErrors errors) {
    Map<String, YamlNode> entries = new LinkedHashMap<>(mapping.entries());
    List<String> in = in(path + ".in", entries.remove("in"), errors);
    Section section =
        new Section(path, new YamlNode.Mapping(mapping.origin(), entries), KEYS, errors);
    BigDecimal min = section.value("min", null, RulesSection::number);
    BigDecimal max = section.value("max", null, RulesSection::number);
    if (min != null && max != null && min.compareTo(max) > 0) {
      errors.add(mapping.origin(), path, "min " + min + " is above max " + max);
    }
    return new FieldRule(
        field,
        section.value("notNull", false, RulesSection::yesOrNo),
        min,
        max,
        section.value("pattern", null, RulesSection::pattern),
        in);
  }

  private static List<String> in(String path, YamlNode node, ConfigErrors errors) {
    List<String> values = new ArrayList<>();
    if (node == null) {
      return values;
    }
    if (node instanceof YamlNode.Sequence list && !list.items().isEmpty()) {
      for (YamlNode item : list.items()) {
        if (item instanceof YamlNode.Scalar scalar && scalar.text() != null) {
          values.add(scalar.text());
        } else {
          errors.add(item.origin(), path, "needed: a list of texts or numbers");
        }
      }
    } else {
      errors.add(node.origin(), path, "needed: a list, as in [a, b]");
    }
    return values;
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number", e);
    }
  }

  private static boolean yesOrNo(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static String pattern(String text) {
    try {
      return Pattern.compile(text).pattern();
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("a regular expression: " + e.getDescription(), e);
    }
  }

  static Map<String, Object> shown(List<FieldRule> rules) {
    Map<String, Object> shown = new LinkedHashMap<>();
    for (FieldRule rule : rules) {
      Map<String, Object> parts = new LinkedHashMap<>();
      if (rule.notNull()) {
        parts.put("notNull", true);
      }
      if (rule.min() != null) {
        parts.put("min", rule.min());
      }
      if (rule.max() != null) {
        parts.put("max", rule.max());
      }
      if (rule.pattern() != null) {
        parts.put("pattern", rule.pattern());
      }
      if (!rule.in().isEmpty()) {
        parts.put("in", rule.in());
      }
      shown.put(rule.field(), parts);
    }
    return shown;
  }
}
