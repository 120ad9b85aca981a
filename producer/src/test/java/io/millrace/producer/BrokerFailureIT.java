package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The producer while the broker is killed. */
class BrokerFailureIT {
  @TempDir private Path dir;

  @Test
  void noRecordIsCountedThatIsNotThereAndNoneIsLost() throws Exception {
    try (LocalStack stack = LocalStack.start(dir);
        SchemaRegistry registry =
            new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      stack.createTopic("t", 4);
      survivesAKill(stack, registry);
      reportsABrokerThatStaysAway(stack, registry);
    }
  }

  private void survivesAKill(LocalStack stack, SchemaRegistry registry) throws Exception {
    Path file = dir.resolve("manifest.json");
    ProduceJob job = job(stack, Map.of()).records(40_000).rate(10_000).manifest(file).build();
    CompletableFuture<Void> underWay = new CompletableFuture<>();
    CompletableFuture<ProduceResult> run = start(job, registry, underWay);
    underWay.get(60, TimeUnit.SECONDS);

    stack.killBroker();
    stack.startBroker();

    ProduceResult result = run.get(120, TimeUnit.SECONDS);
    List<ConsumerRecord<byte[], byte[]>> records = TopicReader.read(stack.bootstrapServers(), "t");
    assertThat(result.acknowledged()).isEqualTo(40_000);
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(Manifest.read(file).partitions()).isEqualTo(TopicReader.account(records));
  }

  private void reportsABrokerThatStaysAway(LocalStack stack, SchemaRegistry registry)
      throws Exception {
    Map<String, String> impatient =
        Map.of("delivery.timeout.ms", "3000", "request.timeout.ms", "2000", "max.block.ms", "4000");
    ProduceJob job = job(stack, impatient).rate(5_000).build();
    CompletableFuture<Void> underWay = new CompletableFuture<>();
    CompletableFuture<ProduceResult> run = start(job, registry, underWay);
    underWay.get(60, TimeUnit.SECONDS);
    stack.killBroker();

    ProduceResult result = run.get(60, TimeUnit.SECONDS);

    assertThat(result.failed()).isPositive();
    assertThat(result.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(result.failures().stream().mapToLong(DeliveryFailure::records).sum())
        .isEqualTo(result.failed());
    Map<String, String> soon =
        Map.of("default.api.timeout.ms", "2000", "request.timeout.ms", "2000");
    ProduceJob next = job(stack, soon).records(1).build();
    assertThatThrownBy(() -> Producer.run(next, registry, ProduceListener.NONE, new StopSignal()))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining(stack.bootstrapServers());
    stack.startBroker();
  }

  private static ProduceJobBuilder job(LocalStack stack, Map<String, String> properties) {
    Map<String, String> kafka = new HashMap<>(properties);
    kafka.put("bootstrap.servers", stack.bootstrapServers());
    return ProduceJob.builder("t", Schemas.load("user_event")).kafka(kafka);
  }

  private static CompletableFuture<ProduceResult> start(
      ProduceJob job, SchemaRegistry registry, CompletableFuture<Void> underWay) {
    ProduceListener listener =
        progress -> {
          if (progress.acknowledged() > 0) {
            underWay.complete(null);
          }
        };
    return CompletableFuture.supplyAsync(
        () -> Producer.run(job, registry, listener, new StopSignal()));
  }
}
