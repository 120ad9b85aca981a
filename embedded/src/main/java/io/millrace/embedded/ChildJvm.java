package io.millrace.embedded;

import java.io.File;
import java.nio.file.Path;

/** What a child JVM takes over from this one. */
final class ChildJvm {
  private ChildJvm() {}

  static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * This JVM's class path, absolute, so that it holds in any working directory. Goes into the
   * environment rather than an argument: process lists stay readable.
   */
  static String classPath() {
    StringBuilder path = new StringBuilder();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        path.append(path.isEmpty() ? "" : File.pathSeparator);
        path.append(Path.of(entry).toAbsolutePath());
      }
    }
    return path.toString();
  }
}
