package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The enforcer's convergence rule looks at each module alone; this looks at what all of them
 * resolved, test dependencies included, so that no module is tested with another version than the
 * one that another ships. Bench depends on every module but {@code dist}, which copies what bench
 * resolved, and so comes after them.
 */
class OneVersionOfEachTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void allModulesResolveOneVersionOfEachArtifact() throws IOException {
    Map<String, TreeSet<String>> versions = new TreeMap<>();
    for (String module : modules()) {
      for (String[] artifact : resolved(ROOT.resolve(module).resolve("target/dependencies.txt"))) {
        versions.computeIfAbsent(artifact[0], a -> new TreeSet<>()).add(artifact[1]);
      }
    }

    assertThat(versions).containsKey("org.apache.kafka:kafka-clients:jar");
    versions.values().removeIf(of -> of.size() == 1);
    assertThat(versions).isEmpty();
  }

  private static List<String> modules() throws IOException {
    try (Stream<String> lines = Files.lines(ROOT.resolve("pom.xml"))) {
      return lines
          .map(String::strip)
          .filter(line -> line.startsWith("<module>"))
          .map(line -> line.replaceAll("</?module>", ""))
          .filter(module -> !module.equals("dist"))
          .toList();
    }
  }

  /** Lines such as {@code group:artifact:jar[:classifier]:version:scope -- module name}. */
  private static List<String[]> resolved(Path list) throws IOException {
    try (Stream<String> lines = Files.lines(list)) {
      return lines
          .map(line -> line.strip().split("[ (]", 2)[0].split(":", -1))
          .filter(parts -> parts.length >= 5)
          .map(
              parts ->
                  new String[] {
                    String.join(":", List.of(parts).subList(0, parts.length - 2)),
                    parts[parts.length - 2]
                  })
          .toList();
    }
  }
}
