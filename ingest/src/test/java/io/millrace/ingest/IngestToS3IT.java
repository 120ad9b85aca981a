package io.millrace.ingest;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.PartitionBy;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.task.Faults;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole chain on an S3 server: nothing assumes a local disk. */
class IngestToS3IT {
  private final TestStack stack = TestStack.shared();

  /** Hadoop keeps a client by bucket: no other test uses this one. */
  private final String bucket = TestStack.name("ingest-chain");

  @RegisterExtension
  final S3ProxyExtension s3 =
      S3ProxyExtension.builder()
          .withBlobStoreProvider("filesystem-nio2")
          .withCredentials(AuthenticationType.NONE, "", "")
          .build();

  private Map<String, String> hadoop;

  @BeforeEach
  void makeBucket() throws IOException, InterruptedException {
    URI endpoint = s3.getUri();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/" + bucket))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    hadoop =
        Map.of(
            "fs.s3a.endpoint", endpoint.toString(),
            "fs.s3a.endpoint.region", "us-east-1",
            "fs.s3a.path.style.access", "true",
            "fs.s3a.access.key", "local",
            "fs.s3a.secret.key", "local");
  }

  @Test
  void ingestsTwiceIntoAPartitionedTable() {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      // Given
      topic.sendReadings(0, 300, 3);
      StreamConfig stream =
          new Runs.Stream(topic.name, "s3a://" + bucket + "/bronze/readings")
              .partitionBy("at", PartitionBy.Unit.HOUR, "at_hour")
              .config();
      MillraceConfig plain = stack.config(stream);
      MillraceConfig config =
          new MillraceConfig(
              plain.kafka(), plain.registry(), plain.spark(), hadoop, plain.streams());

      // When
      IngestResult first = Runs.drain(config);
      topic.sendReadings(300, 400, 3);
      IngestResult second = Runs.drain(config);

      // Then
      assertThat(first.firstFailure()).isEmpty();
      assertThat(second.drained()).isTrue();
      List<Map<String, Object>> rows = TableRows.open(stream.table(), hadoop).rows();
      assertThat(rows).hasSize(400);
      assertThat(rows.stream().map(r -> r.get("id")).distinct()).hasSize(400);
      assertThat(rows).allSatisfy(r -> assertThat(r).containsEntry("at_hour", "2023-11-14-22"));
    }
  }

  @Test
  void aFailedTaskLeavesNeitherObjectsNorUploadsBehind() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 1)) {
      // Given values that don't compress, so that the first file is full and the next one begun
      // when the task fails
      Random random = new Random(1);
      for (int id = 0; id < 60; id++) {
        String note =
            random.ints(900_000, ' ', 127).mapToObj(Character::toString).collect(joining());
        topic.send(0, null, topic.value(id, 1_700_000_000_000L, note));
      }
      topic.awaitAcknowledged();
      StreamConfig stream =
          new Runs.Stream(topic.name, "s3a://" + bucket + "/bronze/large")
              .targetFileBytes(20 << 20)
              .config();
      MillraceConfig plain = stack.config(stream);
      Map<String, String> smallParts = new HashMap<>(hadoop);
      smallParts.put("fs.s3a.multipart.size", "5M");
      MillraceConfig config =
          new MillraceConfig(
              plain.kafka(), plain.registry(), plain.spark(), smallParts, plain.streams());

      // When
      IngestResult result;
      try (Faults fault = Faults.failOnceAfterRows(50)) {
        result = Runs.drain(config);
      }

      // Then
      assertThat(result.firstFailure()).isEmpty();
      TableRows table = TableRows.open(stream.table(), smallParts);
      assertThat(table.rows()).hasSize(60);
      assertThat(get("/" + bucket + "?list-type=2&prefix=bronze/large/part-"))
          .containsPattern("<KeyCount>" + table.files() + "</KeyCount>");
      assertThat(get("/" + bucket + "?uploads"))
          .contains("UploadsResult")
          .doesNotContain("<Upload>");
    }
  }

  private String get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(s3.getUri() + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
