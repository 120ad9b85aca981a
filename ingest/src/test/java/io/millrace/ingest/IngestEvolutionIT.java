package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.lake.state.StreamStateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writer schemas that change while the stream runs. */
class IngestEvolutionIT {
  private static final String ID = "{'name':'id','type':'long'}";

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void aNewFieldInTheMiddleOfABatchGetsItsColumn() {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      // Given a table of the first version
      topic.sendReadings(0, 30, 3);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      assertThat(Runs.drain(stream).drained()).isTrue();

      // When records of two versions are mixed in each partition
      Schema second = schema(ID + ",{'name':'extra','type':['null','string'],'default':null}");
      for (long id = 30; id < 90; id++) {
        if (id % 2 == 0) {
          topic.send((int) (id % 3), second, record(second, id).set("extra", "e" + id));
        } else {
          topic.sendReadings(id, id + 1, 3);
        }
      }
      topic.awaitAcknowledged();
      IngestResult result = Runs.drain(stream);

      // Then all are rows, in one go, and what a record's schema lacks is null
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isZero();
      List<Map<String, Object>> rows = rows(stream);
      assertThat(rows).hasSize(90);
      for (Map<String, Object> row : rows) {
        long id = (long) row.get("id");
        boolean isSecond = id >= 30 && id % 2 == 0;
        assertThat(row.get("extra")).isEqualTo(isSecond ? "e" + id : null);
        assertThat(row.get("note")).isEqualTo(isSecond ? null : "note " + id);
      }
    }
  }

  @Test
  void aReplayGivesTheSameRows() {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      // Given seven versions in any order: added, removed, renamed, promoted, in another order
      List<Schema> versions =
          List.of(
              schema(ID + ",{'name':'n','type':'int'}"),
              schema("{'name':'n','type':['null','long']}," + ID),
              schema(ID + ",{'name':'s','type':'string'}"),
              schema("{'name':'title','aliases':['s'],'type':'string'}," + ID),
              schema(ID + ",{'name':'f','type':'float'},{'name':'n','type':'int'}"),
              schema(ID + ",{'name':'f','type':'double'}"),
              schema(ID));
      Random random = new Random(7);
      for (long id = 0; id < 400; id++) {
        Schema version = versions.get(random.nextInt(versions.size()));
        GenericRecordBuilder record = record(version, id);
        version
            .getFields()
            .forEach(
                field -> {
                  switch (field.name()) {
                    case "n" ->
                        record.set(
                            field, field.schema().getType() == Schema.Type.INT ? 5 : (Object) 5L);
                    case "s", "title" -> record.set(field, "text");
                    case "f" ->
                        record.set(
                            field,
                            field.schema().getType() == Schema.Type.FLOAT ? 1.5f : (Object) 1.5);
                    default -> {}
                  }
                });
        topic.send((int) (id % 2), version, record);
      }
      topic.awaitAcknowledged();

      // When it is ingested whole, and in many small batches
      StreamConfig whole = new Runs.Stream(topic.name, lake.resolve("whole")).config();
      StreamConfig parts =
          new Runs.Stream(topic.name, lake.resolve("parts")).mostRecords(37).config();
      assertThat(Runs.drain(whole, parts).drained()).isTrue();

      // Then the tables hold the same, whatever the order of their columns
      List<Map<String, Object>> rows = byFirstName(rows(whole));
      assertThat(rows).hasSize(400).isEqualTo(byFirstName(rows(parts)));
      assertThat(rows.get(0).keySet())
          .containsExactlyInAnyOrder(
              "id",
              "at",
              "note",
              "n",
              "s",
              "f",
              "kafka_partition",
              "kafka_offset",
              "kafka_timestamp");
      assertThat(rows).anyMatch(row -> "text".equals(row.get("s")));
    }
  }

  @Test
  void aRegistryThatIsDownHoldsBackOnlyThePartitionThatNeedsIt() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2);
        GatedRegistry gate = new GatedRegistry(stack.stack().registryUrl())) {
      topic.sendReadings(0, 20, 2);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      MillraceConfig config = through(gate, stream);
      assertThat(Runs.drain(config).drained()).isTrue();

      // When a record of a new schema comes while the registry is down, and others in both
      // partitions
      gate.open = false;
      Schema second = schema(ID + ",{'name':'extra','type':'string'}");
      topic.send(0, second, record(second, 100).set("extra", "late"));
      topic.sendReadings(101, 121, 2);

      boolean[] seen = {false};
      IngestResult result =
          Runs.runUntil(
              () -> {
                long rows = TableRows.countOrZero(stream.table());
                if (!seen[0] && rows == 30 && gate.refused.get() > 0 && waits(stream)) {
                  // Then the other partition is complete, and this one goes on with the registry
                  seen[0] = true;
                  gate.open = true;
                }
                return rows == 41;
              },
              config);
      assertThat(seen[0]).isTrue();
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).restarts()).isZero();
      assertThat(rows(stream)).anyMatch(row -> "late".equals(row.get("extra")));
    }
  }

  @Test
  void aClockThatIsSetBackHoldsNothingUp() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        GatedRegistry gate = new GatedRegistry(stack.stack().registryUrl())) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      MillraceConfig config = through(gate, stream);
      assertThat(Runs.drain(config).drained()).isTrue();

      // Given a partition that waits for a schema
      gate.open = false;
      Schema second = schema(ID + ",{'name':'extra','type':'string'}");
      topic.send(0, second, record(second, 100).set("extra", "late"));
      AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
      int[] before = {0};
      InstantSource clock = () -> Instant.now().plus(ahead.get());
      long start = System.currentTimeMillis();

      // When the clock goes a day ahead and then back by two
      IngestResult result =
          Runs.runUntil(
              () -> {
                if (ahead.get().isZero() && gate.refused.get() > 0) {
                  ahead.set(Duration.ofDays(1));
                } else if (ahead.get().equals(Duration.ofDays(1)) && gate.refused.get() > 4) {
                  ahead.set(Duration.ofDays(-1));
                  before[0] = gate.refused.get();
                } else if (ahead.get().isNegative() && gate.refused.get() > before[0] + 4) {
                  // Then it is tried again and again all the same
                  gate.open = true;
                }
                return TableRows.countOrZero(stream.table()) == 11;
              },
              config,
              clock);

      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).lastCommitMillis()).isGreaterThanOrEqualTo(start);
    }
  }

  @Test
  void aRestartDuringAnOutageOfTheRegistryKnowsTheSchemasItHasSeen() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1);
        GatedRegistry gate = new GatedRegistry(stack.stack().registryUrl())) {
      topic.sendReadings(0, 10, 1);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).config();
      assertThat(Runs.drain(through(gate, stream)).drained()).isTrue();
      assertThat(Files.list(lake.resolve("t/_millrace/schemas")))
          .singleElement()
          .hasToString(lake.resolve("t/_millrace/schemas/" + topic.schemaId + ".avsc").toString());

      // When another gate, that nothing is remembered of, is closed from the start
      try (GatedRegistry down = new GatedRegistry(stack.stack().registryUrl())) {
        down.open = false;
        topic.sendReadings(10, 20, 1);
        assertThat(Runs.drain(through(down, stream)).drained()).isTrue();
        assertThat(down.refused).hasPositiveValue();
      }
      assertThat(rows(stream)).hasSize(20);
    }
  }

  @Test
  void everyNewSchemaIsAskedForOnce() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 4);
        GatedRegistry gate = new GatedRegistry(stack.stack().registryUrl())) {
      topic.sendReadings(0, 400, 4);
      StreamConfig stream = new Runs.Stream(topic.name, lake.resolve("t")).mostRecords(50).config();

      assertThat(Runs.drain(through(gate, stream)).drained()).isTrue();

      // One for the table's first schema, one for the schema of the records' id.
      assertThat(gate.answered.get()).isEqualTo(2);
    }
  }

  /** Whether the stream says that its first partition waits for a schema. */
  private static boolean waits(StreamConfig stream) {
    return StreamStateFile.read(Map.of(), stream.table(), stream.name())
        .orElseThrow()
        .waiting()
        .stream()
        .anyMatch(sentence -> sentence.startsWith("partition 0 waits at offset 10 for its schema"));
  }

  /** Which of a renamed field's names is met first depends on the partition that is. */
  private static List<Map<String, Object>> byFirstName(List<Map<String, Object>> rows) {
    for (Map<String, Object> row : rows) {
      if (row.containsKey("title")) {
        assertThat(row).doesNotContainKey("s");
        row.put("s", row.remove("title"));
      }
    }
    return rows;
  }

  private MillraceConfig through(GatedRegistry gate, StreamConfig stream) {
    MillraceConfig config = stack.config(stream);
    return new MillraceConfig(
        config.kafka(),
        new RegistryConfig(gate.url(), Map.of("max.retries", "1", "retries.wait.ms", "10")),
        config.spark(),
        config.hadoop(),
        config.streams());
  }

  private static List<Map<String, Object>> rows(StreamConfig stream) {
    List<Map<String, Object>> rows = new ArrayList<>(TableRows.read(stream.table()));
    rows.sort(Comparator.comparing(row -> (Long) row.get("id")));
    return rows;
  }

  private static GenericRecordBuilder record(Schema schema, long id) {
    return new GenericRecordBuilder(schema).set("id", id);
  }

  private static Schema schema(String fields) {
    String json = "{'type':'record','name':'Reading','fields':[" + fields + "]}";
    return new Schema.Parser().parse(json.replace('\'', '"'));
  }
}
