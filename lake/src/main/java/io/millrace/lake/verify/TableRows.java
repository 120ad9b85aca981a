package io.millrace.lake.verify;

import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/** All rows of a pinned version, entered into the partitions' accounts. */
final class TableRows {
  private final PinnedTable table;
  private final KafkaColumns kafka;
  private final Configuration hadoop;

  /** By generation and partition; of those before the ledger's null unless they are asked for. */
  private final RowAccount[][] accounts;

  private final Map<Integer, RowAccount> strangers = new ConcurrentHashMap<>();
  private Predicate<PinnedTable.LiveFile> which = file -> true;
  private final AtomicLong withoutPosition = new AtomicLong();
  private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();

  TableRows(PinnedTable table, KafkaColumns kafka, Ledger ledger, Configuration hadoop) {
    this.table = table;
    this.hadoop = hadoop;
    this.kafka = kafka;
    accounts = new RowAccount[ledger.generation() + 1][];
    beside(ledger);
  }

  /** Rows of the generation of this ledger, which has ended, are counted as well. */
  void beside(Ledger ledger) {
    int size = ledger.partitions().isEmpty() ? 0 : ledger.partitions().lastKey() + 1;
    RowAccount[] own = new RowAccount[size];
    ledger.partitions().forEach((p, entry) -> own[p] = new RowAccount(entry.first(), entry.next()));
    accounts[ledger.generation()] = own;
  }

  /** Rows below the partitions' first offsets, down to this ledger's, are looked at apart. */
  void apart(Ledger whole) {
    whole
        .partitions()
        .forEach((p, entry) -> account(p).before = new RowAccount(entry.first(), account(p).first));
  }

  /** Only these files are read then. */
  void only(Predicate<PinnedTable.LiveFile> files) {
    which = files;
  }

  /**
   * Reads every live file. A file that is missing or broken becomes a finding and the others are
   * still read.
   *
   * @param columns columns whose values are hashed; empty where only offsets are looked at
   */
  void read(
      List<ValueColumn> columns,
      Map<Integer, TopicAccount> topic,
      int threads,
      String stream,
      VerifyProgress progress,
      LongSupplier nanoClock)
      throws Exception {
    List<String> names = new ArrayList<>();
    names.add(kafka.partition().orElseThrow());
    names.add(kafka.offset().orElseThrow());
    columns.forEach(column -> names.add(column.name()));
    int generations = table.hasGenerations() ? names.size() : -1;
    if (generations >= 0) {
      names.add(KafkaColumns.GENERATION);
    }
    PinnedTable.Reading reading = table.reading(names.iterator());
    List<PinnedTable.LiveFile> files = reading.files().stream().filter(which).toList();
    long total = files.stream().mapToLong(file -> Math.max(0, file.rows())).sum();
    ProgressMeter meter =
        new ProgressMeter(progress, stream, VerifyProgress.Phase.TABLE, total, nanoClock);
    Queue<PinnedTable.LiveFile> open = new ConcurrentLinkedQueue<>(files);
    List<Callable<Void>> tasks = new ArrayList<>();
    boolean onlyPositions =
        columns.isEmpty()
            && generations < 0
            && accounts.length - 1 == Ledger.FIRST_GENERATION
            && table.hasPlainColumns(names);
    for (int i = 0; i < Math.min(threads, files.size()); i++) {
      RowHasher hasher = columns.isEmpty() ? null : new RowHasher(columns, RowCounter.FIRST_VALUE);
      RowCounter counter =
          new RowCounter(accounts, generations, topic, hasher, withoutPosition, strangers, meter);
      PositionReader positions =
          onlyPositions ? new PositionReader(hadoop, names.get(0), names.get(1)) : null;
      tasks.add(
          () -> {
            for (var file = open.poll(); file != null; file = open.poll()) {
              read(reading, positions, file, counter);
            }
            return null;
          });
    }
    Workers.run("verify-table", tasks);
    meter.finish();
  }

  private void read(
      PinnedTable.Reading reading,
      PositionReader positions,
      PinnedTable.LiveFile file,
      RowCounter rows) {
    try {
      boolean plain = positions != null && !file.hasDeletionVector();
      if (!plain || !positions.read(file.path(), file.bytes(), rows)) {
        reading.read(file, rows);
      }
    } catch (Exception e) {
      findings.add(unreadable("data file", file.path(), extent(file), e));
    }
  }

  /** What it means that a file could not be read. */
  static Finding unreadable(String what, String file, String extent, Exception failure) {
    if (StorageErrors.isMissing(failure)) {
      return Finding.of(Kind.MISSING_FILE, "%s %s is missing%s".formatted(what, file, extent));
    }
    if (StorageErrors.isUnreachable(failure)) {
      return Finding.of(
          Kind.STORAGE_UNREACHABLE,
          "%s %s can't be reached: %s".formatted(what, file, StorageErrors.root(failure)));
    }
    return Finding.of(
        Kind.UNREADABLE_FILE,
        "%s %s can't be read%s: %s".formatted(what, file, extent, StorageErrors.root(failure)));
  }

  /** What the file's statistics say it held. */
  private String extent(PinnedTable.LiveFile file) {
    if (file.rows() < 0) {
      return "";
    }
    StringBuilder text = new StringBuilder(" (").append(file.rows()).append(" rows");
    bounds(file, kafka.partition().orElseThrow(), "partitions", text);
    bounds(file, kafka.offset().orElseThrow(), "offsets", text);
    return text.append(')').toString();
  }

  private static void bounds(
      PinnedTable.LiveFile file, String column, String what, StringBuilder text) {
    String least = file.bound("minValues", column);
    String most = file.bound("maxValues", column);
    if (least != null && most != null) {
      text.append(", ").append(what).append(' ').append(least).append('-').append(most);
    }
  }

  /** Of the ledger's own generation. */
  RowAccount account(int partition) {
    return accounts[accounts.length - 1][partition];
  }

  /** Of a generation that was asked for by {@link #beside}. */
  RowAccount account(int generation, int partition) {
    return accounts[generation][partition];
  }

  /** Accounts of partitions that the ledger does not know, by number. */
  Map<Integer, RowAccount> strangers() {
    return new TreeMap<>(strangers);
  }

  /** Rows whose partition or offset is null. */
  long withoutPosition() {
    return withoutPosition.get();
  }

  /** Files that could not be read. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
