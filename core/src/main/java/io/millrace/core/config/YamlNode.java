package io.millrace.core.config;

import java.util.List;
import java.util.Map;

/** A piece of the config file that remembers where it was written. */
sealed interface YamlNode {
  /** {@code line 12}, or the name of the command-line option. */
  String origin();

  /**
   * @param text as written, substitutions made; null for an empty value
   * @param secret whether it came from the environment or from a file
   */
  record Scalar(String origin, String text, boolean secret) implements YamlNode {}

  /** Keys in the file's order; mutable, so that overrides can be laid over it. */
  record Mapping(String origin, Map<String, YamlNode> entries) implements YamlNode {}

  /** A list. */
  record Sequence(String origin, List<YamlNode> items) implements YamlNode {}
}
