package io.millrace.lake.verify;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.millrace.core.config.KafkaColumns;
import io.millrace.lake.delta.PinnedTable;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.verify.Finding.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;

/**
 * Names the values behind sums that differ: reads the blocks in question again, from the topic and
 * from the table, and compares them value by value. At most {@link #MOST_BLOCKS}, since a table can
 * be wrong everywhere.
 */
final class SecondLook {
  /** Over the whole stream: 65,536 rows, whose hashes are held in memory. */
  static final int MOST_BLOCKS = 16;

  private final PinnedTable table;
  private final KafkaColumns kafka;
  private final int generation;
  private final ValueComparison values;
  private final TopicWitness topic;
  private final LongSupplier nanoClock;
  private final Differences differences;

  /** The topic's column hashes by partition and offset. */
  private final Map<Integer, Map<Long, long[]>> expected = new HashMap<>();

  /**
   * @param generation of the topic whose rows are looked at
   */
  SecondLook(
      PinnedTable table,
      KafkaColumns kafka,
      int generation,
      ValueComparison values,
      TopicWitness topic,
      LongSupplier nanoClock) {
    this.table = table;
    this.kafka = kafka;
    this.generation = generation;
    this.values = values;
    this.topic = topic;
    this.nanoClock = nanoClock;
    this.differences = new Differences(values.columns());
  }

  /** What was found, by partition. */
  Map<Integer, List<Finding>> look(List<Block> suspects) {
    List<Block> chosen = choose(suspects);
    String failure = null;
    try {
      compare(chosen);
    } catch (KafkaException e) {
      failure = "Kafka could not be read again: " + StorageErrors.root(e);
    }
    List<Finding> findings = new ArrayList<>(differences.findings());
    List<Block> rest = new ArrayList<>(suspects);
    rest.removeAll(chosen);
    addRanges(rest, "only %d are looked at value by value".formatted(MOST_BLOCKS), findings);
    List<Block> unexplained = chosen.stream().filter(block -> !differences.any(block)).toList();
    if (failure != null) {
      addRanges(unexplained, failure, findings);
    } else {
      addRanges(
          unexplained.stream().filter(Block::complete).toList(),
          "a second look did not find which values",
          findings);
    }
    Map<Integer, List<Finding>> byPartition = new TreeMap<>();
    findings.forEach(
        f -> byPartition.computeIfAbsent(f.partition(), p -> new ArrayList<>()).add(f));
    return byPartition;
  }

  /** Blocks that surely differ before others, and the first ones of each partition before more. */
  static List<Block> choose(List<Block> suspects) {
    Map<Block, Integer> place = new HashMap<>();
    Map<Integer, Integer> blocks = new HashMap<>();
    for (Block block : suspects) {
      place.put(block, blocks.merge(block.partition(), 1, Integer::sum));
    }
    return suspects.stream()
        .sorted(
            Comparator.comparing(Block::complete)
                .reversed()
                .thenComparing(place::get)
                .thenComparing(Block::partition))
        .limit(MOST_BLOCKS)
        .toList();
  }

  private void compare(List<Block> blocks) {
    TopicValues decoder = values.decoder();
    topic.hearAgain(
        blocks,
        record -> {
          boolean compared = topic.accounts().get(record.partition()).isRow(record.offset());
          long[] hashes = compared ? decoder.hashes(record) : null;
          if (hashes != null) {
            expected
                .computeIfAbsent(record.partition(), p -> new HashMap<>())
                .put(record.offset(), hashes.clone());
          }
        },
        nanoClock);
    readTable(blocks);
    topic.hearAgain(
        differences.shown(),
        record ->
            differences.tell(record.partition(), record.offset(), c -> decoder.text(record, c)),
        nanoClock);
  }

  private void readTable(List<Block> blocks) {
    List<String> names = new ArrayList<>();
    names.add(kafka.partition().orElseThrow());
    names.add(kafka.offset().orElseThrow());
    values.columns().forEach(column -> names.add(column.name()));
    if (table.hasGenerations()) {
      names.add(KafkaColumns.GENERATION);
    }
    PinnedTable.Reading reading = table.reading(names.iterator());
    List<PinnedTable.LiveFile> likely = new ArrayList<>();
    List<PinnedTable.LiveFile> others = new ArrayList<>();
    for (PinnedTable.LiveFile file : reading.files()) {
      (mayHold(file, blocks) ? likely : others).add(file);
    }
    read(reading, likely);
    if (!blocks.stream().filter(Block::complete).allMatch(differences::any)) {
      // Statistics can be as wrong as values.
      read(reading, others);
    }
  }

  private boolean mayHold(PinnedTable.LiveFile file, List<Block> blocks) {
    String partition = kafka.partition().orElseThrow();
    String offset = kafka.offset().orElseThrow();
    return blocks.stream()
        .anyMatch(
            block ->
                overlaps(file, partition, block.partition(), block.partition())
                    && overlaps(file, offset, block.from(), block.to() - 1));
  }

  private static boolean overlaps(PinnedTable.LiveFile file, String column, long from, long to) {
    String least = file.bound("minValues", column);
    String most = file.bound("maxValues", column);
    try {
      return (least == null || Long.parseLong(least) <= to)
          && (most == null || Long.parseLong(most) >= from);
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private void read(PinnedTable.Reading reading, List<PinnedTable.LiveFile> files) {
    RowHasher hasher = new RowHasher(values.columns(), RowCounter.FIRST_VALUE);
    for (PinnedTable.LiveFile file : files) {
      try {
        reading.read(file, batch -> compare(batch, hasher));
      } catch (IOException | RuntimeException e) {
        // The first reading has reported the file; what else is known of the blocks still counts.
        continue;
      }
    }
  }

  private void compare(FilteredColumnarBatch filtered, RowHasher hasher) {
    ColumnarBatch batch = filtered.getData();
    ColumnVector partitions = batch.getColumnVector(RowCounter.PARTITION);
    ColumnVector offsets = batch.getColumnVector(RowCounter.OFFSET);
    ColumnVector selection = filtered.getSelectionVector().orElse(null);
    long[] hashes = hasher.hash(batch, partitions, offsets);
    for (int row = 0; row < batch.getSize(); row++) {
      if (PinnedTable.isLive(selection, row)
          && !partitions.isNullAt(row)
          && !offsets.isNullAt(row)
          && isOfThisGeneration(batch, row)) {
        compare(batch, row, partitions.getInt(row), offsets.getLong(row), hashes);
      }
    }
  }

  private boolean isOfThisGeneration(ColumnarBatch batch, int row) {
    if (!table.hasGenerations()) {
      return true;
    }
    ColumnVector generations =
        batch.getColumnVector(RowCounter.FIRST_VALUE + values.columns().size());
    int of = generations.isNullAt(row) ? Ledger.FIRST_GENERATION : generations.getInt(row);
    return of == generation;
  }

  private void compare(ColumnarBatch batch, int row, int partition, long offset, long[] hashes) {
    long[] wanted = expected.getOrDefault(partition, Map.of()).get(offset);
    if (wanted == null) {
      return;
    }
    for (int c = 0; c < wanted.length; c++) {
      if (wanted[c] != hashes[row * wanted.length + c] && differences.add(partition, offset, c)) {
        ValueColumn column = values.columns().get(c);
        Object value =
            RowHasher.value(column.type(), batch.getColumnVector(RowCounter.FIRST_VALUE + c), row);
        differences.show(partition, offset, c, ValueText.of(column.type(), value));
      }
    }
  }

  private static void addRanges(List<Block> blocks, String why, List<Finding> findings) {
    add(
        blocks.stream().filter(Block::complete).toList(),
        Kind.VALUES_DIFFER,
        "values differ from the topic's, somewhere in these ranges",
        why,
        findings);
    add(
        blocks.stream().filter(block -> !block.complete()).toList(),
        Kind.VALUES_NOT_PROVABLE,
        "values of rows beside missing, undecodable or unstorable ones were not compared",
        why,
        findings);
  }

  private static void add(
      List<Block> blocks, Kind kind, String text, String why, List<Finding> findings) {
    Map<Integer, List<Block>> byPartition = new TreeMap<>();
    blocks.forEach(b -> byPartition.computeIfAbsent(b.partition(), p -> new ArrayList<>()).add(b));
    byPartition.forEach(
        (partition, own) ->
            findings.add(
                new Finding(
                    kind,
                    partition,
                    "%s (%d %s; %s)"
                        .formatted(text, own.size(), own.size() == 1 ? "block" : "blocks", why),
                    own.stream().map(Block::range).limit(RangeList.MOST).toList())));
  }
}
