package io.millrace.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetTest {
  private static final String TWO =
      """
        orders: {topic: orders, table: t1, subject: shop.Order, kafka: {fetch.max.bytes: 5}}
        other: {topic: other, table: t2}
      """;

  @TempDir private Path directory;
  private MillraceConfig two;

  @BeforeEach
  void read() throws Exception {
    two = config(TWO);
  }

  private MillraceConfig config(String streams) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("c.yaml"),
            "kafka: {bootstrap.servers: 'b:1'}\nregistry: {url: 'http://r:1'}\nstreams:\n"
                + streams);
    return ConfigLoader.load(file, List.of(), name -> null).config();
  }

  @Test
  void aTopicsSubjectIsTheStreamsOrThatOfItsName() {
    assertThat(Target.of(two, "orders", null, false).subject()).isEqualTo("shop.Order");
    assertThat(Target.of(two, "orders", null, true).subject()).isEqualTo("orders-key");
    assertThat(Target.of(two, "other", null, false).subject()).isEqualTo("other-value");
    assertThat(Target.of(two, "unknown", null, false).subject()).isEqualTo("unknown-value");
    assertThat(Target.of(two, "orders", "mine", false).subject()).isEqualTo("mine");
  }

  @Test
  void aSubjectsTopicIsThatOfItsStream() {
    Target target = Target.of(two, null, "shop.Order", false);

    assertThat(target.topic()).contains("orders");
    assertThat(target.kafka(two)).containsEntry("fetch.max.bytes", "5");
    assertThat(Target.of(two, null, "mine", false).topic()).isEmpty();
    assertThat(Target.of(two, null, "mine", false).kafka(two))
        .containsOnlyKeys("bootstrap.servers");
  }

  @Test
  void theOnlyStreamNeedsNoName() throws Exception {
    MillraceConfig one = config("  orders: {topic: orders, table: t1}\n");

    assertThat(Target.of(one, null, null, false).subject()).isEqualTo("orders-value");
    assertThat(Target.of(one, null, null, true).subject()).isEqualTo("orders-key");
    assertThatThrownBy(() -> Target.of(two, null, null, false))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("2 streams");
  }
}
