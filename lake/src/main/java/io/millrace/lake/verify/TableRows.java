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
  private final RowAccount[] accounts;
  private final Map<Integer, RowAccount> strangers = new ConcurrentHashMap<>();
  private Predicate<PinnedTable.LiveFile> which = file -> true;
  private final AtomicLong withoutPosition = new AtomicLong();
  private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();

  TableRows(PinnedTable table, KafkaColumns kafka, Ledger ledger, Configuration hadoop) {
    this.table = table;
    this.hadoop = hadoop;
    this.kafka = kafka;
    int size = ledger.partitions().isEmpty() ? 0 : ledger.partitions().lastKey() + 1;
    accounts = new RowAccount[size];
    ledger
        .partitions()
        .forEach((p, entry) -> accounts[p] = new RowAccount(entry.first(), entry.next()));
  }

  /** Rows below the partitions' first offsets, down to this ledger's, are looked at apart. */
  void apart(Ledger whole) {
    whole
        .partitions()
        .forEach(
            (p, entry) -> accounts[p].before = new RowAccount(entry.first(), accounts[p].first));
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
    PinnedTable.Reading reading = table.reading(names.iterator());
    List<PinnedTable.LiveFile> files = reading.files().stream().filter(which).toList();
    long total = files.stream().mapToLong(file -> Math.max(0, file.rows())).sum();
    ProgressMeter meter =
        new ProgressMeter(progress, stream, VerifyProgress.Phase.TABLE, total, nanoClock);
    Queue<PinnedTable.LiveFile> open = new ConcurrentLinkedQueue<>(files);
    List<Callable<Void>> tasks = new ArrayList<>();
    boolean onlyPositions = columns.isEmpty() && table.hasPlainColumns(names);
    for (int i = 0; i < Math.min(threads, files.size()); i++) {
      RowHasher hasher = columns.isEmpty() ? null : new RowHasher(columns, RowCounter.FIRST_VALUE);
      RowCounter counter =
          new RowCounter(accounts, topic, hasher, withoutPosition, strangers, meter);
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

  RowAccount account(int partition) {
    return accounts[partition];
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
