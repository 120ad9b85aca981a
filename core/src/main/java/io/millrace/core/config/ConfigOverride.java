package io.millrace.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One key set from the command line, over the file's.
 *
 * @param option the option as the user knows it, for errors
 * @param path {@code kafka.<property>}, {@code registry.<property>}, {@code spark.<property>},
 *     {@code hadoop.<property>}, or {@code streams.<name>.<key>}, where the name {@code *} means
 *     every stream
 * @param value its new value
 */
public record ConfigOverride(String option, String path, String value) {

  /**
   * An override from {@code path=value}.
   *
   * @throws IllegalArgumentException where there is no {@code =}
   */
  public static ConfigOverride parse(String option, String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "KEY=VALUE such as streams.user-events.triggerInterval=2s");
    }
    return new ConfigOverride(option, text.substring(0, equals).trim(), text.substring(equals + 1));
  }

  void applyTo(YamlNode.Mapping root, Substitution substitution, ConfigErrors errors) {
    int dot = path.indexOf('.');
    String section = dot < 0 ? path : path.substring(0, dot);
    if (dot < 0 || !ConfigLoader.SECTIONS.contains(section)) {
      errors.add(
          option,
          path,
          "unknown key, needed: one below "
              + String.join(", ", ConfigLoader.SECTIONS)
              + Suggestion.text(section, ConfigLoader.SECTIONS));
      return;
    }
    String key = path.substring(dot + 1);
    YamlNode.Scalar scalar = substitution.scalar(option, path, value, errors);
    YamlNode.Mapping target = child(root, section);
    if (!section.equals("streams")) {
      target.entries().put(key, scalar);
      return;
    }
    List<String> parts = List.of(key.split("\\.", 3));
    if (parts.size() < 2) {
      errors.add(option, path, "needed: streams.NAME.KEY");
      return;
    }
    List<String> names =
        parts.get(0).equals("*") ? List.copyOf(target.entries().keySet()) : parts.subList(0, 1);
    for (String name : names) {
      put(child(target, name), parts.subList(1, parts.size()), scalar);
    }
  }

  private void put(YamlNode.Mapping stream, List<String> parts, YamlNode.Scalar scalar) {
    if (parts.size() == 1) {
      stream.entries().put(parts.get(0), scalar);
    } else {
      child(stream, parts.get(0)).entries().put(parts.get(1), scalar);
    }
  }

  private YamlNode.Mapping child(YamlNode.Mapping parent, String key) {
    Map<String, YamlNode> entries = parent.entries();
    if (entries.get(key) instanceof YamlNode.Mapping mapping) {
      return mapping;
    }
    YamlNode.Mapping created = new YamlNode.Mapping(option, new LinkedHashMap<>());
    entries.put(key, created);
    return created;
  }
}
