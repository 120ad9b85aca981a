package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lets several processes commit to one table at once. */
final class CommitRace {
  private CommitRace() {}

  /**
   * Ends when all have ended; each must have had every commit acknowledged.
   *
   * @param roles what {@link CommitRacer} is in each; its place is the racer's Kafka partition
   */
  static void run(String table, List<String> roles, int commitsEach, Map<String, String> hadoop)
      throws IOException, InterruptedException {
    List<Process> racers = new ArrayList<>();
    try {
      for (String role : roles) {
        racers.add(start(table, role, racers.size(), commitsEach, hadoop));
      }
      List<BufferedReader> outputs = new ArrayList<>();
      for (Process racer : racers) {
        BufferedReader output =
            new BufferedReader(
                new InputStreamReader(racer.getInputStream(), StandardCharsets.UTF_8));
        awaitLine(output, "ready");
        outputs.add(output);
      }
      for (Process racer : racers) {
        racer.getOutputStream().write('\n');
        racer.getOutputStream().flush();
      }
      for (BufferedReader output : outputs) {
        awaitLine(output, "acknowledged " + commitsEach);
      }
      for (Process racer : racers) {
        assertThat(racer.waitFor()).isZero();
      }
    } finally {
      racers.forEach(Process::destroyForcibly);
    }
  }

  private static void awaitLine(BufferedReader output, String expected) throws IOException {
    List<String> seen = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(expected)) {
        return;
      }
      seen.add(line);
    }
    throw new AssertionError("The racer ended without \"" + expected + "\": " + seen);
  }

  private static Process start(
      String table, String as, int partition, int commits, Map<String, String> hadoop)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CommitRacer.class.getName(),
                table,
                as,
                Integer.toString(partition),
                Integer.toString(commits)));
    hadoop.forEach((key, value) -> command.add(key + "=" + value));
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
  }
}
