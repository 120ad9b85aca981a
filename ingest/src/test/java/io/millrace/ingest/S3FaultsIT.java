package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.verify.Verdict;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.junit.S3ProxyExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real ingest on an object store that fails, forbids, forgets to answer, or takes its time. */
class S3FaultsIT {
  private final TestStack stack = TestStack.shared();

  /** Hadoop keeps a client by bucket: no other test uses this one. */
  private final String bucket = TestStack.name("s3-faults");

  @RegisterExtension
  final S3ProxyExtension s3 =
      S3ProxyExtension.builder()
          .withBlobStoreProvider("filesystem-nio2")
          .withCredentials(AuthenticationType.NONE, "", "")
          .build();

  private FaultyS3Front front;
  private Map<String, String> hadoop;

  @BeforeEach
  void makeBucket() throws Exception {
    URI endpoint = s3.getUri();
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.resolve("/" + bucket))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    front = new FaultyS3Front(endpoint);
    hadoop =
        new HashMap<>(
            Map.of(
                "fs.s3a.endpoint", front.endpoint(),
                "fs.s3a.endpoint.region", "us-east-1",
                "fs.s3a.path.style.access", "true",
                "fs.s3a.access.key", "local",
                "fs.s3a.secret.key", "local"));
  }

  @AfterEach
  void close() {
    front.close();
  }

  @Test
  void aStoreThatIsAwayForAWhileIsWaitedFor() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 40, 2);
      MillraceConfig config = config(stream(topic).config());
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<IngestResult> run =
          CompletableFuture.supplyAsync(() -> Runs.runUntil(done::get, config));
      Runs.await(() -> run.isDone() || count(config) == 40);

      front.mode = FaultyS3Front.Mode.UNAVAILABLE;
      topic.sendReadings(40, 80, 2);
      Runs.await(() -> run.isDone() || front.struck() > 40);
      front.mode = FaultyS3Front.Mode.WELL;

      Runs.await(() -> run.isDone() || count(config) == 80);
      done.set(true);
      assertThat(run.join().firstFailure()).isEmpty();
      prove(config, 80);
    }
  }

  @Test
  void whatWasDoneWithoutAnAnswerIsDoneOnce() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      MillraceConfig config = config(stream(topic).mostRecords(20).config());
      front.mode = FaultyS3Front.Mode.UNKNOWN;
      topic.sendReadings(0, 400, 2);

      assertThat(Runs.drain(config).firstFailure()).isEmpty();

      assertThat(front.struck()).isPositive();
      front.mode = FaultyS3Front.Mode.WELL;
      prove(config, 400);
    }
  }

  @Test
  void aStoreThatForbidsIsToldAndNothingOfTheBatchIsIn() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      topic.sendReadings(0, 40, 2);
      MillraceConfig config = config(stream(topic).restartFor(Duration.ZERO).config());
      Runs.drain(config);
      topic.sendReadings(40, 80, 2);

      front.mode = FaultyS3Front.Mode.FORBIDDEN;
      IngestResult.Stream failed = Runs.drain(config).firstFailure().orElseThrow();
      assertThat(failed.exitCode()).isEqualTo(ExitCode.UNREACHABLE.code());
      assertThat(failed.error()).contains("403");

      front.mode = FaultyS3Front.Mode.WELL;
      prove(config, 40);
      assertThat(Runs.drain(config).drained()).isTrue();
      prove(config, 80);
    }
  }

  @Test
  void aSlowStoreIsOnlySlow() throws Exception {
    try (TestTopic topic = new TestTopic(stack, 2)) {
      MillraceConfig config = config(stream(topic).config());
      front.mode = FaultyS3Front.Mode.SLOW;
      topic.sendReadings(0, 40, 2);

      assertThat(Runs.drain(config).drained()).isTrue();

      assertThat(front.struck()).isPositive();
      front.mode = FaultyS3Front.Mode.WELL;
      prove(config, 40);
    }
  }

  @Test
  void triesAreBounded() {
    front.mode = FaultyS3Front.Mode.UNAVAILABLE;

    assertThatThrownBy(() -> DeltaTable.open("s3a://" + bucket + "/none", hadoop))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE));

    assertThat(front.struck()).isBetween(2L, 60L);
  }

  private Runs.Stream stream(TestTopic topic) {
    return new Runs.Stream(topic.name, "s3a://" + bucket + "/bronze/readings");
  }

  private MillraceConfig config(StreamConfig stream) {
    MillraceConfig plain = stack.config(stream);
    return new MillraceConfig(
        plain.kafka(), plain.registry(), plain.spark(), hadoop, plain.streams());
  }

  private long count(MillraceConfig config) {
    String table = config.streams().values().iterator().next().table();
    try {
      return TableRows.open(table, hadoop).rows().size();
    } catch (RuntimeException e) {
      return -1; // not there yet
    }
  }

  private void prove(MillraceConfig config, long rows) throws Exception {
    var report =
        Verifier.verify(config, VerifyOptions.defaults(), (name, phase, done, total) -> {})
            .streams()
            .get(0);
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
    assertThat(report.rows()).isEqualTo(rows);
  }
}
