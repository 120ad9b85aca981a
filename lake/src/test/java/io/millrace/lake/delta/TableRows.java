package io.millrace.lake.delta;

import io.delta.kernel.Scan;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Reads a table's rows with Delta Kernel, through a configuration of its own. */
final class TableRows {
  private TableRows() {}

  /** The value of a long column in every row where it is not null, ascending. */
  static List<Long> longs(String table, Configuration hadoop, String column) throws IOException {
    List<Long> values = new ArrayList<>();
    Engine engine = DefaultEngine.create(hadoop);
    Snapshot snapshot = TableManager.loadSnapshot(table).build(engine);
    Scan scan =
        snapshot
            .getScanBuilder()
            .withReadSchema(new StructType().add(snapshot.getSchema().get(column)))
            .build();
    Row state = scan.getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(state);
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            Row file = files.next();
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            try (CloseableIterator<FilteredColumnarBatch> data =
                Scan.transformPhysicalData(
                    engine,
                    state,
                    file,
                    engine
                        .getParquetHandler()
                        .readParquetFiles(
                            Utils.singletonCloseableIterator(status), physical, Optional.empty())
                        .map(result -> result.getData()))) {
              while (data.hasNext()) {
                ColumnVector vector = data.next().getData().getColumnVector(0);
                for (int i = 0; i < vector.getSize(); i++) {
                  if (!vector.isNullAt(i)) {
                    values.add(vector.getLong(i));
                  }
                }
              }
            }
          }
        }
      }
    }
    values.sort(null);
    return values;
  }
}
