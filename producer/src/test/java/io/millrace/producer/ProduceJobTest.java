package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ProduceJobTest {
  private static final Schema SCHEMA = Schemas.load("user_event");
  private static final Map<String, String> KAFKA = Map.of("bootstrap.servers", "localhost:1");

  private static ProduceJobBuilder job() {
    return ProduceJob.builder("t", SCHEMA).kafka(KAFKA);
  }

  @Test
  void theDefaultsAreAJobWithoutEnd() {
    ProduceJob job = job().build();

    assertThat(job.endless()).isTrue();
    assertThat(job.deadLetterTopic()).isEqualTo("t-dead-letters");
    assertThat(job.threads()).isEqualTo(1);
    assertThat(job.shard()).isEqualTo(Shard.WHOLE);
    assertThat(job().records(5).build().endless()).isFalse();
    assertThat(job().duration(Duration.ofSeconds(1)).build().endless()).isFalse();
  }

  @Test
  void allErrorsAreToldAtOnce() {
    assertThatThrownBy(
            () ->
                ProduceJob.builder(" ", SCHEMA)
                    .records(-2)
                    .rate(-5)
                    .threads(0)
                    .duration(Duration.ZERO)
                    .keyField("nobody")
                    .shard(new Shard(1, 2))
                    .tolerate(3)
                    .deadLetterTopic("dead")
                    .build())
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContainingAll(
            "no topic",
            "bootstrap.servers",
            "-2",
            "-5",
            "threads is 0",
            "PT0S",
            "nobody",
            "start",
            "can be tolerated",
            "go to a dead-letter topic");
  }

  @Test
  void shardsWithAStartTimeAreRight() {
    assertThat(job().shard(new Shard(2, 2)).startTime(Instant.EPOCH).build().shard().count())
        .isEqualTo(2);
  }

  @Test
  void timesThatNanosecondsCannotHoldAreRefused() {
    assertThatThrownBy(() -> job().startTime(Instant.parse("9999-12-31T23:59:59Z")).build())
        .hasMessageContaining("1970-01-01T00:00:00Z to 2200-01-01T00:00:00Z is needed");
    assertThatThrownBy(() -> job().duration(Duration.ofDays(99_999)).build())
        .hasMessageContaining("at most 3650 days");
  }

  @Test
  void onlyRecordSchemasCanBeProduced() {
    Schema text = Schema.create(Schema.Type.STRING);

    assertThatThrownBy(() -> ProduceJob.builder("t", text).kafka(KAFKA).build())
        .hasMessageContaining("STRING");
  }

  @Test
  void aKafkaPropertyThatWouldMakeAcknowledgementsWorthlessIsRefused() {
    assertThatThrownBy(() -> KafkaProperties.forProducer(Map.of("acks", "1")))
        .hasMessageContaining("acks=1");
    assertThatThrownBy(() -> KafkaProperties.forProducer(Map.of("enable.idempotence", "false")))
        .hasMessageContaining("enable.idempotence=false");
    assertThat(KafkaProperties.forProducer(Map.of("acks", "-1", "linger.ms", "77")))
        .containsEntry("acks", "all")
        .containsEntry("linger.ms", "77");
  }

  @Test
  void theAdminClientsTimeoutFitsAUsersRequestTimeout() {
    assertThat(KafkaProperties.forAdmin(Map.of("request.timeout.ms", "40000")))
        .containsEntry("default.api.timeout.ms", "40000");
    assertThat(
            KafkaProperties.forAdmin(
                Map.of("request.timeout.ms", "4000", "default.api.timeout.ms", "5000")))
        .containsEntry("default.api.timeout.ms", "5000");
  }
}
