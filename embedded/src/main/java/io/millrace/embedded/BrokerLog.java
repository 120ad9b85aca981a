package io.millrace.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds in the broker's files why it ended. */
final class BrokerLog {
  private static final int MOST_CAUSES = 2;

  private BrokerLog() {}

  /** The exceptions and fatal lines, first ones first; empty where there are none. */
  static List<String> causes(Path... files) {
    List<String> causes = new ArrayList<>();
    for (Path file : files) {
      for (String line : lines(file)) {
        if (isCause(line) && causes.size() < MOST_CAUSES && !causes.contains(line.strip())) {
          causes.add(line.strip());
        }
      }
    }
    return causes;
  }

  private static boolean isCause(String line) {
    return line.startsWith("Caused by: ")
        || line.contains(" FATAL ")
        || line.startsWith("Error: ")
        || line.matches("^(Exception in thread .*|[\\w.$]+(Exception|Error)(: .*)?)$");
  }

  private static List<String> lines(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.toList();
    } catch (IOException e) {
      return List.of("Error: can't read " + file + ": " + e.getMessage());
    }
  }
}
