package io.millrace.lake.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerExportTest {
  private static final String STREAM = "events";

  @TempDir Path directory;

  private final Configuration hadoop = LakeConfiguration.of(Map.of());
  private String table;
  private Ledger ledger = Ledger.initial(STREAM, "topic", "id", "cluster", "me");

  /** Version 0 makes the table; the ledgers claim rows of files that nobody reads here. */
  @BeforeEach
  void create() {
    table = directory.resolve("table").toString();
    DeltaTable.create(
            table,
            hadoop,
            new TableLayout(List.of(Column.field("id", ColumnType.LONG))),
            Optional.empty(),
            Map.of())
        .close();
  }

  private void commit(Taken... taken) {
    try (DeltaTable delta = DeltaTable.open(table, hadoop).orElseThrow()) {
      ledger = ledger.advance(List.of(taken), "attempt " + ledger.sequence());
      delta.commit(List.of(), ledger);
    }
  }

  private static Taken taken(int partition, long from, long to) {
    return new Taken(partition, from, to, to - from - 1, 1, 0, 0);
  }

  private LedgerExport export() {
    return new LedgerExport(table, STREAM, LedgerExport.path(table), Map.of());
  }

  private LedgerExport.Result run() {
    return export().run().orElseThrow();
  }

  @Test
  void eachCommitIsInOnceHoweverOftenItIsExported() throws IOException {
    assertThat(run()).isEqualTo(new LedgerExport.Result(0, 0, 0));
    commit(taken(0, 5, 10), taken(1, 0, 3));
    commit(taken(1, 3, 7));
    assertThat(run()).isEqualTo(new LedgerExport.Result(2, 4, 0));
    assertThat(run()).isEqualTo(new LedgerExport.Result(2, 0, 0));
    commit();
    commit(taken(0, 10, 11));
    foreign("SET TBLPROPERTIES");
    assertThat(run()).isEqualTo(new LedgerExport.Result(5, 3, 0));
    assertThat(run()).isEqualTo(new LedgerExport.Result(5, 0, 0));

    assertThat(rows())
        .containsExactly(
            "0 OTHER - null null null-null rows null nulls null",
            "1 BATCH STREAMING UPDATE 1 0 5-10 rows 4 nulls 1",
            "1 BATCH STREAMING UPDATE 1 1 0-3 rows 2 nulls 1",
            "2 BATCH STREAMING UPDATE 2 1 3-7 rows 3 nulls 1",
            "3 START STREAMING UPDATE 3 null null-null rows null nulls null",
            "4 BATCH STREAMING UPDATE 4 0 10-11 rows 0 nulls 1",
            "5 OTHER SET TBLPROPERTIES null null null-null rows null nulls null");
  }

  @Test
  void anotherGenerationIsARowOfItsOwn() throws IOException {
    commit(taken(0, 5, 10));
    try (DeltaTable delta = DeltaTable.open(table, hadoop).orElseThrow()) {
      Ledger begins = ledger.nextGeneration("anew", "cluster", Map.of(0, 0L), "begins");
      delta.beginGeneration(begins, ledger);
      ledger = begins;
    }
    run();
    commit(taken(0, 0, 7));
    run();

    assertThat(rows())
        .containsExactly(
            "0 OTHER - null null null-null rows null nulls null",
            "1 BATCH STREAMING UPDATE 1 0 5-10 rows 4 nulls 1",
            "2 GENERATION STREAMING UPDATE 2 null null-null rows null nulls null",
            "3 BATCH STREAMING UPDATE 3 0 0-7 rows 6 nulls 1");
  }

  @Test
  void whatIsDeletedIsBuiltAgain() throws IOException {
    commit(taken(0, 0, 10));
    run();
    commit(taken(0, 10, 20));
    run();
    List<String> before = rows();
    try (Stream<Path> files = Files.walk(Path.of(LedgerExport.path(table)))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    assertThat(run().rows()).isEqualTo(3);

    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void severalAtOnceExportEachCommitOnce() throws Exception {
    commit(taken(0, 0, 10));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 1; round <= 5; round++) {
        commit(taken(0, round * 10L, round * 10L + 10));
        List<Callable<LedgerExport.Result>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          runs.add(this::run);
        }
        for (Future<LedgerExport.Result> done : threads.invokeAll(runs)) {
          assertThat(done.get().through()).isEqualTo(round + 1);
        }
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(rows()).hasSize(7).doesNotHaveDuplicates();
    assertThat(Files.list(Path.of(LedgerExport.path(table))).filter(Files::isRegularFile))
        .as("files of exports that were too late are removed")
        .hasSize(5);
  }

  @Test
  void whatTheLogNoLongerHasIsAGap() throws IOException {
    commit(taken(0, 0, 10));
    run();
    for (long from = 10; from < 60; from += 10) {
      commit(taken(0, from, from + 10));
    }
    Table.forPath(DefaultEngine.create(hadoop), table).checkpoint(DefaultEngine.create(hadoop), 4);
    for (long version = 0; version < 4; version++) {
      Files.delete(Path.of(table, "_delta_log", "%020d.json".formatted(version)));
    }

    assertThat(run()).isEqualTo(new LedgerExport.Result(6, 3, 1));

    assertThat(rows())
        .containsExactly(
            "0 OTHER - null null null-null rows null nulls null",
            "1 BATCH STREAMING UPDATE 1 0 0-10 rows 9 nulls 1",
            "4 GAP STREAMING UPDATE 4 0 0-40 rows 36 nulls 4",
            "5 BATCH STREAMING UPDATE 5 0 40-50 rows 9 nulls 1",
            "6 BATCH STREAMING UPDATE 6 0 50-60 rows 9 nulls 1");
    assertThat(run().rows()).isZero();
  }

  @Test
  void aGapWithoutALedgerBehindItIsTold() throws IOException {
    commit(taken(0, 0, 10));
    run();
    commit(taken(0, 10, 20));
    foreign("OPTIMIZE");
    Table.forPath(DefaultEngine.create(hadoop), table).checkpoint(DefaultEngine.create(hadoop), 3);
    for (long version = 0; version < 3; version++) {
      Files.delete(Path.of(table, "_delta_log", "%020d.json".formatted(version)));
    }

    assertThat(run()).isEqualTo(new LedgerExport.Result(3, 2, 1));

    assertThat(rows())
        .contains(
            "3 GAP OPTIMIZE 2 0 0-20 rows 18 nulls 2",
            "3 OTHER OPTIMIZE null null null-null rows null nulls null");
  }

  @Test
  void anotherTablesExportIsLeftAlone() throws IOException {
    commit(taken(0, 0, 10));
    assertThatThrownBy(() -> new LedgerExport(table, STREAM, table, Map.of()).run())
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PROTECTED));
    run();
    String first = table;
    table = directory.resolve("second").toString();
    DeltaTable.create(
            table,
            hadoop,
            new TableLayout(List.of(Column.field("id", ColumnType.LONG))),
            Optional.empty(),
            Map.of())
        .close();
    assertThatThrownBy(
            () -> new LedgerExport(table, STREAM, LedgerExport.path(first), Map.of()).run())
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("the export of another table");
    table = first;
    assertThat(rows()).hasSize(2);
    assertThat(
            new LedgerExport(directory.resolve("none").toString(), STREAM, "unused", Map.of())
                .run())
        .isEmpty();
  }

  /** A commit of others, without data. */
  private void foreign(String operation) throws IOException {
    long version = PinnedTable.latest(table, hadoop).orElseThrow().version() + 1;
    Files.writeString(
        Path.of(table, "_delta_log", "%020d.json".formatted(version)),
        "{\"commitInfo\":{\"operation\":\"%s\"}}%n".formatted(operation));
  }

  /** Version, kind, operation, sequence, partition, offsets, rows and null values; sorted. */
  private List<String> rows() throws IOException {
    List<String> columns =
        List.of(
            "version",
            "kind",
            "operation",
            "sequence",
            "kafka_partition",
            "from_offset",
            "to_offset",
            "rows",
            "nulls");
    PinnedTable.Reading reading =
        PinnedTable.latest(LedgerExport.path(table), hadoop)
            .orElseThrow()
            .reading(columns.iterator());
    List<String> rows = new ArrayList<>();
    for (PinnedTable.LiveFile file : reading.files()) {
      reading.read(
          file,
          batch -> {
            for (int row = 0; row < batch.getData().getSize(); row++) {
              rows.add(
                  "%s %s %s %s %s %s-%s rows %s nulls %s"
                      .formatted(
                          value(batch, 0, row),
                          value(batch, 1, row),
                          value(batch, 2, row).replace("CREATE TABLE", "-"),
                          value(batch, 3, row),
                          value(batch, 4, row),
                          value(batch, 5, row),
                          value(batch, 6, row),
                          value(batch, 7, row),
                          value(batch, 8, row)));
            }
          });
    }
    rows.sort(null);
    return rows;
  }

  private static String value(FilteredColumnarBatch batch, int column, int row) {
    ColumnVector vector = batch.getData().getColumnVector(column);
    if (vector.isNullAt(row)) {
      return "null";
    }
    return switch (vector.getDataType().toString()) {
      case "long" -> String.valueOf(vector.getLong(row));
      case "integer" -> String.valueOf(vector.getInt(row));
      default -> vector.getString(row);
    };
  }
}
