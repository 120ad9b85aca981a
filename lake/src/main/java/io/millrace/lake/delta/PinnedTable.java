package io.millrace.lake.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.DeltaHistoryManager;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.ColumnMapping;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** One version of a table, held fast while others go on committing. */
public final class PinnedTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Engine engine;
  private final Snapshot snapshot;

  private PinnedTable(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /** Pins the latest version; empty where there is no table. */
  public static Optional<PinnedTable> latest(String path, Configuration hadoop) {
    Engine engine = DefaultEngine.create(hadoop);
    try {
      return Optional.of(new PinnedTable(engine, TableManager.loadSnapshot(path).build(engine)));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Pins a version, which must be there. */
  public static PinnedTable at(String path, Configuration hadoop, long version) {
    Engine engine = DefaultEngine.create(hadoop);
    return new PinnedTable(
        engine, TableManager.loadSnapshot(path).atVersion(version).build(engine));
  }

  /** A version that is at hand. */
  static PinnedTable of(Engine engine, Snapshot snapshot) {
    return new PinnedTable(engine, snapshot);
  }

  public long version() {
    return snapshot.getVersion();
  }

  /** When this version was committed, milliseconds since the epoch. */
  public long millis() {
    return snapshot.getTimestamp(engine);
  }

  /** The oldest version that the log still allows to be read. */
  public long oldestReadable() {
    return DeltaHistoryManager.getEarliestRecreatableCommit(
        engine, snapshot.getLogPath(), Optional.empty());
  }

  /** The table's own id. */
  public String id() {
    return ((SnapshotImpl) snapshot).getMetadata().getId();
  }

  /** The version of a Delta transaction; 0 where there is none of that id. */
  public long transaction(String id) {
    return snapshot.getLatestTransactionVersion(engine, id).orElse(0L);
  }

  public StructType schema() {
    return snapshot.getSchema();
  }

  /** Names of the columns that the table is partitioned by. */
  public Set<String> partitionColumns() {
    return Set.copyOf(snapshot.getPartitionColumnNames());
  }

  /** The text under a metadata domain at this version. */
  public Optional<String> domain(String domain) {
    return snapshot.getDomainMetadata(domain);
  }

  /**
   * Whether these columns stand in each data file under their own names: none is a partition column
   * and no column mapping renames them.
   */
  public boolean hasPlainColumns(List<String> names) {
    Metadata metadata = ((SnapshotImpl) snapshot).getMetadata();
    return ColumnMapping.getColumnMappingMode(metadata.getConfiguration())
            == ColumnMapping.ColumnMappingMode.NONE
        && names.stream().noneMatch(partitionColumns()::contains);
  }

  /** Gets a batch of rows; columns are in the order asked for. */
  public interface Rows {
    void accept(FilteredColumnarBatch batch) throws IOException;
  }

  /** Whether a row of a batch is in the table: no deletion vector has taken it away. */
  public static boolean isLive(FilteredColumnarBatch batch, int row) {
    return isLive(batch.getSelectionVector().orElse(null), row);
  }

  /** As the other form, by the batch's selection; null means all are. */
  public static boolean isLive(ColumnVector selection, int row) {
    return selection == null || (!selection.isNullAt(row) && selection.getBoolean(row));
  }

  /**
   * A live data file.
   *
   * @param path absolute
   * @param bytes its length by the log
   * @param rows by its statistics; -1 without
   * @param statistics Delta's, null without
   */
  public record LiveFile(Row scanFile, String path, long bytes, long rows, JsonNode statistics) {
    /** Whether some of its rows are no longer in the table. */
    public boolean hasDeletionVector() {
      return InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile) != null;
    }

    /** Path and deletion vector: two files are the same rows where it is the same. */
    public String identity() {
      DeletionVectorDescriptor vector =
          InternalScanFileUtils.getDeletionVectorDescriptorFromRow(scanFile);
      return vector == null ? path : path + " without " + vector.getUniqueId();
    }

    /** A column's bound in the statistics as text; null without. */
    public String bound(String which, String column) {
      JsonNode value = statistics == null ? null : statistics.path(which).get(column);
      return value == null || value.isNull() ? null : value.asText();
    }
  }

  /** How some columns of the live files are read. */
  public final class Reading {
    private final Scan scan;
    private final Row state;
    private final StructType physical;

    private Reading(StructType columns) {
      scan = snapshot.getScanBuilder().withReadSchema(columns).build();
      state = scan.getScanState(engine);
      physical = ScanStateRow.getPhysicalDataReadSchema(state);
    }

    public List<LiveFile> files() {
      List<LiveFile> files = new ArrayList<>();
      try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
        while (batches.hasNext()) {
          try (CloseableIterator<Row> rows = batches.next().getRows()) {
            while (rows.hasNext()) {
              files.add(file(rows.next()));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return files;
    }

    private LiveFile file(Row row) {
      JsonNode statistics = null;
      Row add = row.getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
      if (!add.isNullAt(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL)) {
        try {
          statistics = JSON.readTree(add.getString(InternalScanFileUtils.ADD_FILE_STATS_ORDINAL));
        } catch (JsonProcessingException e) {
          // Statistics are a hint here; a reader that skips files by them would tell.
          statistics = null;
        }
      }
      long rows = statistics == null ? -1 : statistics.path("numRecords").asLong(-1);
      FileStatus status = InternalScanFileUtils.getAddFileStatus(row);
      return new LiveFile(row, status.getPath(), status.getSize(), rows, statistics);
    }

    /**
     * Reads one file's live rows: deletion vectors, column mapping and partition values applied. An
     * engine of its own for each thread is not needed; the default one keeps no state.
     */
    public void read(LiveFile file, Rows rows) throws IOException {
      FileStatus status = InternalScanFileUtils.getAddFileStatus(file.scanFile());
      try (CloseableIterator<ColumnarBatch> data =
              engine
                  .getParquetHandler()
                  .readParquetFiles(
                      Utils.singletonCloseableIterator(status), physical, Optional.empty())
                  .map(FileReadResult::getData);
          CloseableIterator<FilteredColumnarBatch> live =
              Scan.transformPhysicalData(engine, state, file.scanFile(), data)) {
        while (live.hasNext()) {
          rows.accept(live.next());
        }
      }
    }
  }

  /** The live data files. */
  public Set<Path> files() {
    return reading(Collections.emptyIterator()).files().stream()
        .map(file -> new Path(file.path()))
        .collect(Collectors.toSet());
  }

  /** The live data files with their deletion vectors, see {@link LiveFile#identity}. */
  Set<String> identities() {
    return reading(Collections.emptyIterator()).files().stream()
        .map(LiveFile::identity)
        .collect(Collectors.toSet());
  }

  /** A reading of these columns, which the table must have. */
  public Reading reading(Iterator<String> columns) {
    List<StructField> fields = new ArrayList<>();
    columns.forEachRemaining(name -> fields.add(schema().get(name)));
    return new Reading(new StructType(fields));
  }

  /** Whether it has the column that says which generation of its topic a row is of. */
  public boolean hasGenerations() {
    return schema().fields().stream().anyMatch(DeltaSchema::isGeneration);
  }

  public boolean has(String column) {
    return schema().indexOf(column) >= 0;
  }
}
