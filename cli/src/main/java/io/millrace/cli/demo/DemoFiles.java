package io.millrace.cli.demo;

import io.millrace.cli.StackConfigFile;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the demo keeps things in its directory. */
final class DemoFiles {
  private static final String MANIFEST = "manifest-%d.json";

  private final Path directory;
  private Path manifest;

  DemoFiles(Path directory) {
    this.directory = directory;
  }

  private Path demo() {
    return directory.resolve("demo");
  }

  /** Keeps a second demo away from the directory. */
  LockFile lock() throws IOException {
    Files.createDirectories(demo());
    return LockFile.tryLock(demo().resolve("demo.lock"))
        .orElseThrow(
            () ->
                new MillraceException(
                    ExitCode.USAGE,
                    "The directory " + directory + " is in use",
                    "another demo runs in it",
                    "Wait until that one has ended, or name another directory with --dir"));
  }

  /** Makes room for a new run: a manifest of its own, no reports of the last one. */
  void prepare() throws IOException {
    Files.createDirectories(directory.resolve("logs"));
    int run = 1;
    while (Files.exists(demo().resolve(MANIFEST.formatted(run)))) {
      run++;
    }
    manifest = demo().resolve(MANIFEST.formatted(run));
    Files.deleteIfExists(produceReport());
    Files.deleteIfExists(ingestReport());
    Files.deleteIfExists(verifyReport());
  }

  Path config() {
    return StackConfigFile.in(directory);
  }

  /** What this run's producer says was acknowledged. */
  Path manifest() {
    return manifest;
  }

  /** This run's and the earlier ones'. */
  List<Path> allManifests() throws IOException {
    try (Stream<Path> files = Files.list(demo())) {
      return files
          .filter(file -> file.getFileName().toString().matches("manifest-\\d+\\.json"))
          .sorted()
          .toList();
    }
  }

  Path produceReport() {
    return demo().resolve("produce.json");
  }

  Path ingestReport() {
    return demo().resolve("ingest.json");
  }

  Path verifyReport() {
    return demo().resolve("verify.json");
  }

  Path log(String name) {
    return directory.resolve("logs").resolve(name + ".log");
  }
}
