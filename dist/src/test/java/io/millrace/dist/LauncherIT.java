package io.millrace.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that users start, over the distribution that this build has made. */
class LauncherIT {
  private static final Path LAUNCHER = Path.of("..", "millrace").toAbsolutePath().normalize();

  @TempDir private Path directory;

  /**
   * How it ended.
   *
   * @param text standard output and error, as they came
   */
  private record Run(int exitCode, String text) {}

  private Run run(Path launcher, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    Path text = directory.resolve("out");
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(text.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), Files.readString(text, StandardCharsets.UTF_8));
  }

  @Test
  void startsWhatWasBuiltFromAnywhereAndThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("mr"), LAUNCHER);

    Run version = run(link, Map.of(), "--version");

    assertThat(version.text()).startsWith("Millrace ").contains("Spark").doesNotContain("building");
    assertThat(version.exitCode()).isZero();
  }

  @Test
  void knowsTheVerbsOfAllModules() throws Exception {
    Run help = run(LAUNCHER, Map.of(), "--help");

    assertThat(help.text())
        .contains("demo", "up", "down", "status", "produce", "ingest", "verify", "config", "bench");
  }

  @Test
  void findsFilesByAnyNameWithoutALocale() throws Exception {
    // By a shell: this JVM may have no locale for such names itself.
    String script =
        "name=$(printf 'gr\\303\\274n') && mkdir \"$name\" && cd \"$name\" && printf"
            + " 'kafka: {bootstrap.servers: \"h:1\"}\\nregistry: {url: \"http://h\"}\\n' > c.yaml &&"
            + " exec \"$0\" config check c.yaml";

    Run check = run(Path.of("bash"), Map.of("LC_ALL", "C"), "-c", script, LAUNCHER.toString());

    assertThat(check.exitCode()).as(check.text()).isZero();
  }

  @Test
  void tellsHowItWasCalled() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("my mr"), LAUNCHER);

    Run version = run(link, Map.of("MILLRACE_OPTS", "-XshowSettings:properties"), "--version");

    assertThat(version.text()).contains("millrace.command = " + link);
  }

  @Test
  void passesTheExitCodeOn() throws Exception {
    assertThat(run(LAUNCHER, Map.of(), "nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void takesItsClassesFromTheArchive() throws Exception {
    Path distribution = LAUNCHER.resolveSibling(Path.of("target", "dist"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Run made =
        run(Path.of("bash"), Map.of(), distribution.resolve("archive-classes").toString(), java);
    assertThat(made.exitCode()).as(made.text()).isZero();
    assertThat(distribution.resolve("archive-classes.work")).doesNotExist();

    Run version = run(LAUNCHER, Map.of("MILLRACE_OPTS", "-Xlog:class+load"), "--version");

    assertThat(version.text()).contains("io.millrace.cli.Main source: shared objects file");
  }

  @Test
  void saysWhatIsWrongWithTheJavaHome() throws Exception {
    Run run = run(LAUNCHER, Map.of("JAVA_HOME", directory.toString()), "--version");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.text()).startsWith("millrace: JAVA_HOME is wrong:").hasLineCount(1);
  }
}
