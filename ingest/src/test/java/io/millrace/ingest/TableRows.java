package io.millrace.ingest;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.MapValue;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import io.millrace.lake.delta.LakeConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a table's latest version with Delta Kernel, row by row. */
final class TableRows {
  private final Engine engine;
  private final Snapshot snapshot;

  private TableRows(Engine engine, Snapshot snapshot) {
    this.engine = engine;
    this.snapshot = snapshot;
  }

  static TableRows open(String path, Map<String, String> hadoop) {
    Engine engine = DefaultEngine.create(LakeConfiguration.of(hadoop));
    return new TableRows(engine, TableManager.loadSnapshot(path).build(engine));
  }

  static boolean exists(String path) {
    return java.nio.file.Files.exists(
        java.nio.file.Path.of(path, "_delta_log", "0".repeat(20) + ".json"));
  }

  /** Rows of the latest version, 0 where there is no table yet. */
  static long countOrZero(String path) {
    return exists(path) ? read(path).size() : 0;
  }

  static List<Map<String, Object>> read(String path) {
    return open(path, Map.of()).rows();
  }

  long version() {
    return snapshot.getVersion();
  }

  int files() {
    int[] files = {0};
    forEachFile(file -> files[0]++);
    return files[0];
  }

  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    Row state = snapshot.getScanBuilder().build().getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    forEachFile(file -> readFile(state, physical, file, rows));
    return rows;
  }

  private void forEachFile(java.util.function.Consumer<Row> consumer) {
    Scan scan = snapshot.getScanBuilder().build();
    try (CloseableIterator<FilteredColumnarBatch> files = scan.getScanFiles(engine)) {
      while (files.hasNext()) {
        try (CloseableIterator<Row> rows = files.next().getRows()) {
          while (rows.hasNext()) {
            consumer.accept(rows.next());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readFile(Row state, StructType physical, Row file, List<Map<String, Object>> rows) {
    FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
    try (CloseableIterator<ColumnarBatch> data =
            engine
                .getParquetHandler()
                .readParquetFiles(singleton(status), physical, Optional.empty())
                .map(result -> result.getData());
        CloseableIterator<FilteredColumnarBatch> logical =
            Scan.transformPhysicalData(engine, state, file, data)) {
      while (logical.hasNext()) {
        addRows(logical.next(), rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void addRows(FilteredColumnarBatch filtered, List<Map<String, Object>> rows) {
    ColumnarBatch batch = filtered.getData();
    for (int i = 0; i < batch.getSize(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int c = 0; c < batch.getSchema().length(); c++) {
        row.put(batch.getSchema().at(c).getName(), value(batch.getColumnVector(c), i));
      }
      rows.add(row);
    }
  }

  private static Object value(ColumnVector vector, int row) {
    DataType type = vector.getDataType();
    if (vector.isNullAt(row)) {
      return null;
    } else if (type instanceof LongType || type instanceof TimestampType) {
      return vector.getLong(row);
    } else if (type instanceof IntegerType || type instanceof DateType) {
      return vector.getInt(row);
    } else if (type instanceof StringType) {
      return vector.getString(row);
    } else if (type instanceof DoubleType) {
      return vector.getDouble(row);
    } else if (type instanceof BinaryType) {
      return vector.getBinary(row);
    } else if (type instanceof StructType struct) {
      Map<String, Object> members = new LinkedHashMap<>();
      for (int i = 0; i < struct.length(); i++) {
        members.put(struct.at(i).getName(), value(vector.getChild(i), row));
      }
      return members;
    } else if (type instanceof MapType) {
      MapValue map = vector.getMap(row);
      Map<Object, Object> entries = new LinkedHashMap<>();
      for (int i = 0; i < map.getSize(); i++) {
        entries.put(value(map.getKeys(), i), value(map.getValues(), i));
      }
      return entries;
    }
    return type.toString(); // Nested values are compared by verify.
  }

  private static <T> CloseableIterator<T> singleton(T value) {
    return io.delta.kernel.internal.util.Utils.singletonCloseableIterator(value);
  }
}
