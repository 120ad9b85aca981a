package io.millrace.core.config;

import java.util.HashSet;
import java.util.Set;

/** Finds the keys whose values came from the environment or from files. */
final class SecretPaths {
  private SecretPaths() {}

  static Set<String> of(YamlNode root) {
    Set<String> paths = new HashSet<>();
    collect("", root, paths);
    return paths;
  }

  private static void collect(String path, YamlNode node, Set<String> paths) {
    if (node instanceof YamlNode.Scalar scalar) {
      if (scalar.secret()) {
        paths.add(path);
      }
    } else if (node instanceof YamlNode.Mapping mapping) {
      mapping
          .entries()
          .forEach((key, child) -> collect(path.isEmpty() ? key : path + "." + key, child, paths));
    }
  }
}
