package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.LocalStack;
import io.millrace.embedded.testing.PythonEnvironment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Confluent's own client meets what it expects of a registry. */
class PythonClientIT {
  @Test
  void officialClientIsServedAsByConfluentsRegistry(@TempDir Path directory) throws Exception {
    PythonEnvironment python =
        PythonEnvironment.with("confluent-kafka[avro,schemaregistry]==2.16.0");
    Path script = Path.of(PythonClientIT.class.getResource("/registry_client.py").toURI());
    try (LocalStack stack = LocalStack.start(directory)) {
      stack.createTopic("events", 1);

      PythonEnvironment.Result result =
          python.run(script, stack.registryUrl(), stack.bootstrapServers(), "events");

      assertThat(result.exitCode()).as(result.output()).isZero();
    }
  }
}
