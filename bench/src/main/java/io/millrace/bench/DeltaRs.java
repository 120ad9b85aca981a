package io.millrace.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.json.JsonFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens tables with delta-rs, in a Python environment made for it. */
final class DeltaRs {
  private static final Logger log = LoggerFactory.getLogger(DeltaRs.class);

  /**
   * Independent of Delta's own readers; the version that docs/bench.md's figures were taken with.
   */
  private static final String PACKAGE = "deltalake==1.6.6";

  /**
   * Takes turns, so that a drift of the machine favours neither; the first round is not counted.
   */
  private static final String SCRIPT =
      """
      import json, sys, time
      from deltalake import DeltaTable
      groups = json.load(open(sys.argv[1]))
      times = [[] for _ in groups]
      for round in range(6):
          for i, group in enumerate(groups):
              for path in group:
                  start = time.perf_counter()
                  DeltaTable(path).version()
                  if round:
                      times[i].append((time.perf_counter() - start) * 1000)
      print(json.dumps(times))
      """;

  private DeltaRs() {}

  /**
   * Milliseconds that each of five opens of each table took, by group; empty where there is no
   * python3 with venv, or the package can't be installed, which is logged.
   *
   * @param directory gets the Python environment
   */
  static Optional<List<double[]>> openMillis(Path directory, List<List<Path>> groups) {
    String environment = directory.resolve("venv").toString();
    try {
      Path script = Files.writeString(directory.resolve("open.py"), SCRIPT);
      Path tables = directory.resolve("open.json");
      new JsonFile("list of tables", tables)
          .write(groups.stream().map(g -> g.stream().map(Path::toString).toList()).toList());
      if (run(directory, "python3", "-m", "venv", environment).isEmpty()
          || run(directory, environment + "/bin/pip", "install", "-q", PACKAGE).isEmpty()) {
        return Optional.empty();
      }
      return run(directory, environment + "/bin/python", script.toString(), tables.toString())
          .map(DeltaRs::parse);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      BenchDirectory.delete(Path.of(environment));
    }
  }

  private static List<double[]> parse(String times) {
    try {
      return List.of(new ObjectMapper().readValue(times, double[][].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it printed; empty where it is not there or failed. */
  private static Optional<String> run(Path directory, String... command) throws IOException {
    Path errors = directory.resolve("python.log");
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    } catch (IOException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("delta-rs is not measured");
      return Optional.empty();
    }
    try {
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0) {
        return Optional.of(text);
      }
      log.atWarn()
          .addKeyValue("command", String.join(" ", command))
          .addKeyValue("errors", errors)
          .log("delta-rs is not measured");
      return Optional.empty();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
