package io.millrace.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.ChildCommand;
import io.millrace.core.error.ExitCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill that passes says something only if it fails a build that loses or doubles. */
class DrillMutantIT {
  private static final Path LAKE = Path.of("..", "lake", "src", "main", "java");
  private static final Path COMMITS = Path.of("io", "millrace", "lake", "delta");

  @TempDir Path directory;

  /** Without what compares a batch's ranges with the ledger that the table has at that moment. */
  @Test
  void withoutTheRangeCheckTheDrillFails() throws Exception {
    Path mutant = Files.createDirectory(directory.resolve("mutant"));
    compile(
        mutant,
        mutate(
            "LedgerState.java",
            "return attempt.equals(base.map(Ledger::attempt)) ? UNCHANGED : MOVED_BY_ANOTHER;",
            "return UNCHANGED;"),
        mutate("AppendAttempt.java", ".withTransactionId(transactionId, version)", ""));

    JsonNode report = drill(mutant, "twin");

    assertThat(report.at("/ok").asBoolean()).isFalse();
    assertThat(report.at("/steps/0/failure").asText())
        .isEqualTo("the older ingest went on and committed");
    assertThat(report.at("/audit/verdict").asText()).isEqualTo("WRONG");
    assertThat(report.at("/audit/duplicated").asLong()).isPositive();
    JsonNode count = report.at("/audit/independent");
    assertThat(count.at("/rows").asLong()).isGreaterThan(count.at("/distinct").asLong());
  }

  /** Where it takes a commit of its own, whose answer was lost, for another's. */
  @Test
  void withoutReadingBackWhoseCommitItWasTheDrillFails() throws Exception {
    Path mutant = Files.createDirectory(directory.resolve("mutant"));
    compile(
        mutant,
        mutate(
            "LedgerState.java", "if (attempt.equals(Optional.of(ours.attempt())))", "if (false)"));

    JsonNode report = drill(mutant, "unknown");

    assertThat(report.at("/ok").asBoolean()).isFalse();
    assertThat(report.at("/steps/0/failure").asText()).startsWith("The ingest has ended");
    assertThat(report.at("/steps/0/recoveredMillis").asLong()).isNegative();
  }

  private JsonNode drill(Path mutant, String fault) throws Exception {
    String classPath = mutant + File.pathSeparator + System.getProperty("java.class.path");
    Path report = directory.resolve("drill.json");
    Path log = directory.resolve("log");
    List<String> command =
        List.of(
            "drill",
            "--dir=" + directory.resolve("drill"),
            "--kills=0",
            "--faults=" + fault,
            "--rate=5000",
            "--report=" + report);
    try (ChildCommand drill =
        ChildCommand.start("drill", "1g", log, List.of("-cp", classPath), command)) {
      drill.await();
      assertThat(drill.exitCode())
          .as(Files.readString(log))
          .isEqualTo(ExitCode.ANSWER_IS_NO.code());
    }
    return new ObjectMapper().readTree(report.toFile());
  }

  private Path mutate(String name, String from, String to) throws IOException {
    String source = Files.readString(LAKE.resolve(COMMITS).resolve(name));
    assertThat(source).containsOnlyOnce(from);
    Path changed = Files.createDirectories(directory.resolve("source").resolve(COMMITS));
    return Files.writeString(changed.resolve(name), source.replace(from, to));
  }

  private static void compile(Path to, Path... sources) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none", "-cp", System.getProperty("java.class.path"), "-d", to.toString()));
    Stream.of(sources).map(Path::toString).forEach(arguments::add);
    assertThat(javac.run(null, null, null, arguments.toArray(String[]::new))).isZero();
  }
}
