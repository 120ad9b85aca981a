package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Holds the list of damage in docs/verify.md to the tests. */
class DamageListTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| [^|]+ \\| ((?:`[A-Z_]+`(?:, )?)+) \\| `(\\w+)\\.(\\w+)` \\|$");

  private record Line(Set<Finding.Kind> kinds, String testClass, String test) {}

  private static List<Line> lines() throws IOException {
    Matcher row = ROW.matcher(Files.readString(Path.of("..", "docs", "verify.md")));
    List<Line> lines = new ArrayList<>();
    while (row.find()) {
      Set<Finding.Kind> kinds =
          Arrays.stream(row.group(1).split(", "))
              .map(kind -> Finding.Kind.valueOf(kind.replace("`", "")))
              .collect(Collectors.toSet());
      lines.add(new Line(kinds, row.group(2), row.group(3)));
    }
    return lines;
  }

  /** The test's text, from its name to the end of its class. */
  private static String source(Line line) throws IOException {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      for (Path module : modules.map(m -> m.resolve("src/test/java")).toList()) {
        if (!Files.isDirectory(module)) {
          continue;
        }
        try (Stream<Path> files = Files.walk(module)) {
          for (Path file : files.filter(f -> f.endsWith(line.testClass() + ".java")).toList()) {
            Matcher test =
                Pattern.compile(
                        "(?s)@(?:Parameterized)?Test\\s[^{}]*(?:\\{[^{}]*}\\)\\s+)?void "
                            + line.test()
                            + "\\(.*")
                    .matcher(Files.readString(file));
            return test.find() ? test.group() : "";
          }
        }
      }
    }
    return "";
  }

  @Test
  void everyLineNamesATest() throws IOException {
    assertThat(lines()).hasSizeGreaterThan(30);
    for (Line line : lines()) {
      assertThat(source(line)).as("%s.%s", line.testClass(), line.test()).isNotEmpty();
    }
  }

  @Test
  void everyKindThatIsWrongIsInAFinding() throws IOException {
    Set<Finding.Kind> listed = EnumSet.noneOf(Finding.Kind.class);
    lines().forEach(line -> listed.addAll(line.kinds()));

    assertThat(listed)
        .containsAll(
            Arrays.stream(Finding.Kind.values())
                .filter(kind -> kind.verdict() == Verdict.WRONG)
                .toList());
  }

  @Test
  void everyTestOfDamageIsListed() throws IOException {
    for (Class<?> tests : List.of(DamageIT.class, ForeignDamageIT.class)) {
      Set<String> listed =
          lines().stream()
              .filter(line -> line.testClass().equals(tests.getSimpleName()))
              .map(Line::test)
              .collect(Collectors.toSet());
      assertThat(
              Arrays.stream(tests.getDeclaredMethods())
                  .filter(
                      m ->
                          m.isAnnotationPresent(Test.class)
                              || m.isAnnotationPresent(ParameterizedTest.class))
                  .map(Method::getName)
                  .filter(name -> !name.endsWith("AreNotMissed")))
          .isSubsetOf(listed);
    }
  }
}
