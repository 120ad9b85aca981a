package io.millrace.lake.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The commit files a table still has, read as they lie in {@code _delta_log} (the Delta protocol's
 * JSON actions) and not through any state that was derived from them.
 */
public final class CommitLog {
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem files;
  private final Path table;
  private final SortedMap<Long, FileStatus> versions;

  private CommitLog(FileSystem files, Path table, SortedMap<Long, FileStatus> versions) {
    this.files = files;
    this.table = table;
    this.versions = versions;
  }

  /**
   * One commit.
   *
   * @param version its version
   * @param millis when its file was written, milliseconds since the epoch
   * @param operation what the writer says it did; empty where it says nothing
   * @param parameters of the operation, as the writer's JSON has them; never null
   * @param added files that brought new data
   * @param removed how many files with data were taken away
   * @param live of each file that this commit names, with or without new data, whether it is one of
   *     the table's files since then
   * @param moved names of the files (with their deletion vectors) that this commit made the table's
   *     or took from it
   * @param domains metadata domains set by this commit; a null text where one was removed
   */
  public record Commit(
      long version,
      long millis,
      String operation,
      JsonNode parameters,
      List<Added> added,
      long removed,
      Map<Path, Boolean> live,
      Set<String> moved,
      Map<String, String> domains) {
    /** When its file was written. */
    public Instant time() {
      return Instant.ofEpochMilli(millis);
    }

    /** Rows of all added files; -1 where a file lacks its count. */
    public long rowsAdded() {
      long rows = 0;
      for (Added file : added) {
        if (file.rows < 0) {
          return -1;
        }
        rows += file.rows;
      }
      return rows;
    }
  }

  /**
   * A file that a commit added.
   *
   * @param path absolute
   * @param rows by its statistics; -1 without
   */
  public record Added(Path path, long bytes, long rows) {}

  /** For reading single commits, none of which has to be there. */
  public static CommitLog of(String table, Configuration hadoop) throws IOException {
    Path root = new Path(table);
    FileSystem files = root.getFileSystem(hadoop);
    return new CommitLog(files, files.makeQualified(root), new TreeMap<>());
  }

  /** Lists the commits in {@code [from, to]} that are there. */
  public static CommitLog list(String table, Configuration hadoop, long from, long to)
      throws IOException {
    Path root = new Path(table);
    FileSystem files = root.getFileSystem(hadoop);
    SortedMap<Long, FileStatus> versions = new TreeMap<>();
    for (FileStatus status : files.listStatus(new Path(root, "_delta_log"))) {
      Matcher name = NAME.matcher(status.getPath().getName());
      if (name.matches()) {
        long version = Long.parseLong(name.group(1));
        if (version >= from && version <= to) {
          versions.put(version, status);
        }
      }
    }
    return new CommitLog(files, files.makeQualified(root), versions);
  }

  /** Versions that are there, ascending. */
  public List<Long> versions() {
    return List.copyOf(versions.keySet());
  }

  /** The latest of them whose file was not written after this time. */
  public Optional<Long> latestAt(long millis) {
    return versions.entrySet().stream()
        .filter(version -> version.getValue().getModificationTime() <= millis)
        .map(Map.Entry::getKey)
        .max(Long::compare);
  }

  /**
   * Reads a commit.
   *
   * @throws FileNotFoundException where log clean-up has taken it
   */
  public Commit read(long version) throws IOException {
    FileStatus status = versions.get(version);
    if (status == null) {
      status = files.getFileStatus(new Path(table, "_delta_log/%020d.json".formatted(version)));
    }
    String operation = "";
    JsonNode parameters = MissingNode.getInstance();
    List<Added> added = new ArrayList<>();
    long removed = 0;
    Map<Path, Boolean> live = new HashMap<>();
    Set<String> moved = new HashSet<>();
    Map<String, String> domains = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(files.open(status.getPath()), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode action = action(line, status);
        if (action.has("add")) {
          live.put(path(action.get("add")), true);
          moved.add(identity(action.get("add")));
        } else if (action.has("remove")) {
          // The same file with another deletion vector is removed and added in one commit.
          live.putIfAbsent(path(action.get("remove")), false);
          moved.add(identity(action.get("remove")));
        }
        if (changesData(action, "add")) {
          added.add(added(action.get("add")));
        } else if (changesData(action, "remove")) {
          removed++;
        } else if (action.has("domainMetadata")) {
          JsonNode domain = action.get("domainMetadata");
          domains.put(
              domain.path("domain").asText(),
              domain.path("removed").asBoolean() ? null : domain.path("configuration").asText());
        } else if (action.has("commitInfo")) {
          operation = action.get("commitInfo").path("operation").asText("");
          parameters = action.get("commitInfo").path("operationParameters");
        }
      }
    }
    return new Commit(
        version,
        status.getModificationTime(),
        operation,
        parameters,
        added,
        removed,
        live,
        moved,
        domains);
  }

  private static JsonNode action(String line, FileStatus file) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IOException(
          file.getPath() + " is not a Delta commit: " + e.getOriginalMessage(), e);
    }
  }

  private static boolean changesData(JsonNode action, String kind) {
    return action.has(kind) && action.get(kind).path("dataChange").asBoolean(true);
  }

  private Added added(JsonNode add) throws IOException {
    JsonNode statistics = add.get("stats");
    long rows =
        statistics == null || statistics.isNull()
            ? -1
            : JSON.readTree(statistics.asText()).path("numRecords").asLong(-1);
    return new Added(path(add), add.path("size").asLong(), rows);
  }

  private Path path(JsonNode file) {
    // The protocol has relative or absolute URIs here, so odd characters come percent-encoded.
    Path path = new Path(URI.create(file.path("path").asText()));
    return path.isAbsolute() ? path : new Path(table, path);
  }

  /** Path and deletion vector: in other words than {@link PinnedTable.LiveFile#identity} has. */
  private static String identity(JsonNode file) {
    JsonNode vector = file.path("deletionVector");
    return file.path("path").asText() + (vector.isObject() ? " without " + vector : "");
  }
}
