package io.millrace.cli.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/**
 * Counts a local table's rows and a topic's records once more, by the text of Delta's log,
 * Parquet's own reader and a plain consumer: nothing of what ingest and verify are made of.
 */
final class IndependentCount {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PARTITION = "kafka_partition";
  private static final String OFFSET = "kafka_offset";

  private long rows;
  private long hash;
  private final Map<Integer, BitSet> offsets = new HashMap<>();
  private long records;
  private long recordsHash;

  private IndependentCount() {}

  /**
   * @param broken offsets of records that are no rows
   * @param promised gets the topic's records
   */
  static DrillReport.Independent of(
      Path table,
      Map<String, String> kafka,
      String topic,
      Map<TopicPartition, Set<Long>> broken,
      PromisedRecords promised)
      throws IOException {
    IndependentCount count = new IndependentCount();
    for (Path file : liveFiles(table)) {
      count.read(file);
    }
    count.consume(kafka, topic, broken, promised);
    return new DrillReport.Independent(
        count.rows,
        count.offsets.values().stream().mapToLong(BitSet::cardinality).sum(),
        "%016x".formatted(count.hash),
        count.records,
        "%016x".formatted(count.recordsHash));
  }

  /** By every commit since the first: a drill is shorter than the log's retention. */
  private static Set<Path> liveFiles(Path table) throws IOException {
    List<Path> commits;
    try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
      commits =
          files.filter(f -> f.getFileName().toString().matches("\\d{20}\\.json")).sorted().toList();
    }
    Set<Path> live = new TreeSet<>();
    for (Path commit : commits) {
      for (String line : Files.readAllLines(commit)) {
        JsonNode action = JSON.readTree(line);
        if (action.has("add")) {
          live.add(file(table, action.get("add").get("path").asText()));
        } else if (action.has("remove")) {
          live.remove(file(table, action.get("remove").get("path").asText()));
        }
      }
    }
    return live;
  }

  /** Paths in the log are URIs, relative to the table or absolute. */
  private static Path file(Path table, String path) {
    URI uri = URI.create(path);
    return uri.isAbsolute() ? Path.of(uri) : table.resolve(uri.getPath());
  }

  private void read(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      MessageType whole = reader.getFooter().getFileMetaData().getSchema();
      MessageType two =
          new MessageType(whole.getName(), whole.getType(PARTITION), whole.getType(OFFSET));
      reader.setRequestedSchema(two);
      String createdBy = reader.getFooter().getFileMetaData().getCreatedBy();
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        ColumnReadStoreImpl columns =
            new ColumnReadStoreImpl(pages, new NoRecords(), two, createdBy);
        ColumnReader partition = columns.getColumnReader(column(two, PARTITION));
        ColumnReader offset = columns.getColumnReader(column(two, OFFSET));
        for (long left = pages.getRowCount(); left > 0; left--) {
          row(partition.getInteger(), offset.getLong());
          partition.consume();
          offset.consume();
        }
      }
    }
  }

  private static ColumnDescriptor column(MessageType schema, String name) {
    return schema.getColumnDescription(new String[] {name});
  }

  private void row(int partition, long offset) {
    rows++;
    hash += hash(partition, offset);
    offsets.computeIfAbsent(partition, p -> new BitSet()).set(Math.toIntExact(offset));
  }

  private void consume(
      Map<String, String> kafka,
      String topic,
      Map<TopicPartition, Set<Long>> broken,
      PromisedRecords promised) {
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          promised.found(record.partition(), record.offset(), record.value());
          TopicPartition from = new TopicPartition(topic, record.partition());
          if (!broken.getOrDefault(from, Set.of()).contains(record.offset())) {
            records++;
            recordsHash += hash(record.partition(), record.offset());
          }
        }
      }
    }
  }

  /** SplitMix64's finisher (Steele, Lea and Flood, 2014) over both numbers. */
  private static long hash(int partition, long offset) {
    long z = offset * 0x9E3779B97F4A7C15L + partition;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Values are taken from the column reader: no records are put together. */
  private static final class NoRecords extends GroupConverter {
    @Override
    public Converter getConverter(int fieldIndex) {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {
      // Nothing to begin.
    }

    @Override
    public void end() {
      // Nothing to end.
    }
  }
}
