package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.ledger.Ledger;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Watches a local table's log as any reader could: the commit files in {@code _delta_log}, one
 * after the other, as they appear.
 */
public final class CommitFollower {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path table;
  private final String domain;
  private final List<Commit> commits = new ArrayList<>();
  private long nextVersion;
  private long rows;
  private Optional<Ledger> ledger = Optional.empty();

  /**
   * A commit that added data.
   *
   * @param readableMillis when its file was complete in the log, milliseconds since the epoch
   * @param files the data files it added
   * @param rows rows of these
   */
  public record Commit(long version, long readableMillis, List<Path> files, long rows) {}

  /** Follows from the first version that is not there yet. */
  public CommitFollower(Path table, String stream) throws IOException {
    this.table = table;
    this.domain = DeltaTable.ledgerDomain(stream);
    this.nextVersion = latestVersion() + 1;
  }

  private Path log() {
    return table.resolve("_delta_log");
  }

  private long latestVersion() throws IOException {
    if (!Files.isDirectory(log())) {
      return -1;
    }
    try (Stream<Path> files = Files.list(log())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d{20}\\.json"))
          .mapToLong(name -> Long.parseLong(name.substring(0, 20)))
          .max()
          .orElse(-1);
    }
  }

  /** Reads what was committed since the last call. */
  public void poll() throws IOException {
    Path file = file(nextVersion);
    while (Files.exists(file)) {
      read(nextVersion, file);
      nextVersion++;
      file = file(nextVersion);
    }
  }

  private Path file(long version) {
    return log().resolve("%020d.json".formatted(version));
  }

  private void read(long version, Path file) throws IOException {
    List<Path> added = new ArrayList<>();
    long addedRows = 0;
    for (String line : Files.readAllLines(file)) {
      JsonNode action = JSON.readTree(line);
      JsonNode add = action.get("add");
      if (add != null) {
        added.add(dataFile(add.get("path").asText()));
        addedRows += JSON.readTree(add.get("stats").asText()).get("numRecords").asLong();
      }
      JsonNode metadata = action.path("domainMetadata");
      if (metadata.path("domain").asText().equals(domain)) {
        ledger = Optional.of(Ledger.fromJson(metadata.get("configuration").asText()));
      }
    }
    if (!added.isEmpty()) {
      long readable = Files.getLastModifiedTime(file).toMillis();
      commits.add(new Commit(version, readable, added, addedRows));
      rows += addedRows;
    }
  }

  /** Paths in the log are URIs, relative to the table or absolute. */
  private Path dataFile(String path) {
    URI uri = URI.create(path);
    return uri.isAbsolute() ? Path.of(uri) : table.resolve(uri.getPath());
  }

  /** The ledger of the newest version that was followed; empty before the first. */
  public Optional<Ledger> ledger() {
    return ledger;
  }

  /** Commits with data since the beginning, ascending. */
  public List<Commit> commits() {
    return commits;
  }

  /** Rows of these. */
  public long rows() {
    return rows;
  }
}
