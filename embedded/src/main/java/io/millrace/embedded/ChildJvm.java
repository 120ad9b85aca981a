package io.millrace.embedded;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;

/** What a child JVM takes over from this one. */
final class ChildJvm {
  private ChildJvm() {}

  static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The option that names this JVM's archive of class data, where it has one. */
  static List<String> classData() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:SharedArchiveFile="))
        .toList();
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
