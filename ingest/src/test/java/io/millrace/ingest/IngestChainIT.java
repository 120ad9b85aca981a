package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a topic to a table and nothing else: exact rows. */
class IngestChainIT {
  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @Test
  void drainsATopicIntoANewTable() {
    // Given
    try (TestTopic topic = new TestTopic(stack, 5)) {
      topic.sendReadings(0, 1000, 4);
      StreamConfig stream =
          StreamConfig.of(TestStack.name("stream"), topic.name, lake.resolve("t").toString());

      // When
      IngestResult result = drain(stream);

      // Then
      assertThat(result.drained()).isTrue();
      assertThat(result.firstFailure()).isEmpty();
      assertThat(result.streams().get(0).records()).isEqualTo(1000);
      List<Map<String, Object>> rows = TableRows.read(stream.table());
      assertThat(rows).hasSize(1000);
      assertThat(rows)
          .allSatisfy(
              row -> {
                long id = (Long) row.get("id");
                assertThat(row.get("at")).isEqualTo((1_700_000_000_000L + id) * 1000);
                assertThat(row.get("note")).isEqualTo("note " + id);
                assertThat(row.get("kafka_partition")).isEqualTo((int) (id % 4));
                assertThat(row.get("kafka_offset")).isEqualTo(id / 4);
              });
      assertThat(rows.stream().map(r -> r.get("id")).distinct()).hasSize(1000);
    }
  }

  private IngestResult drain(StreamConfig stream) {
    return Ingest.run(
        stack.config(stream), IngestOptions.drain(), new StopSignal(), InstantSource.system());
  }
}
