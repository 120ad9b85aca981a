package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.ConfigOverride;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaNamesTest {
  private static MillraceConfig config(String... settings) {
    List<ConfigOverride> overrides = new ArrayList<>();
    for (String setting :
        List.of(
            "kafka.bootstrap.servers=h:1",
            "registry.url=http://h",
            "streams.s.topic=t",
            "streams.s.table=/t")) {
      overrides.add(ConfigOverride.parse("--set", setting));
    }
    for (String setting : settings) {
      overrides.add(ConfigOverride.parse("--set", setting));
    }
    return ConfigLoader.of(Path.of("").toAbsolutePath(), overrides, name -> null).config();
  }

  @Test
  void slipsAreRefusedWithTheNameThatWasMeant() {
    MillraceConfig slips =
        config(
            "kafka.max.poll.recrods=5",
            "kafka.linger_ms=1",
            "streams.s.kafka.security.protcol=SSL");

    assertThatThrownBy(() -> KafkaNames.check(slips))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContainingAll(
            "kafka.max.poll.recrods; did you mean max.poll.records?",
            "kafka.linger_ms; did you mean linger.ms?",
            "streams.s.kafka.security.protcol; did you mean security.protocol?");
  }

  @Test
  void namesOfKafkasClientsAndOfOthersPass() {
    MillraceConfig good =
        config(
            "kafka.max.poll.records=5",
            "kafka.linger.ms=1",
            "kafka.sasl.jaas.config=x",
            "kafka.metrics.context.env=test",
            "kafka.my.interceptor.level=3",
            "kafka.config.providers.file.class=x",
            "streams.s.kafka.security.protocol=SSL");

    assertThatCode(() -> KafkaNames.check(good)).doesNotThrowAnyException();
  }
}
