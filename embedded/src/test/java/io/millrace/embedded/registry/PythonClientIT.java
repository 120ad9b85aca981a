package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.embedded.LocalStack;
import io.millrace.embedded.testing.PythonEnvironment;
import java.nio.file.Path;
import java.util.Map;
import org.apache.avro.Schema;
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
      readsWhatItLeft(stack, result.output());
    }
  }

  /** Our client, of a deleted subject's schema that refers to deleted subjects' schemas. */
  private static void readsWhatItLeft(LocalStack stack, String output) {
    int id = Integer.parseInt(output.replaceFirst("(?s).*id of the tree: (\\d+).*", "$1"));
    try (SchemaRegistry registry =
        new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()))) {
      Schema whole = registry.byId(id).getField("whole").schema();

      assertThat(whole.getField("part").schema().getField("a").schema())
          .isEqualTo(Schema.create(Schema.Type.LONG));
    }
  }
}
