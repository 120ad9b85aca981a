package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.registry.SchemaText;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaGuidTest {
  @Test
  void coversTextAndReferences() {
    assertThat(SchemaGuid.of(new SchemaText("\"string\"", List.of())))
        .hasToString("095d71cf-1255-6b9d-5e33-0ad575b3df5d");
    assertThat(
            SchemaGuid.of(
                new SchemaText(
                    "{\"type\":\"array\",\"items\":\"a.B\"}",
                    List.of(new SchemaText.Reference("a.B", "b-value", 3)))))
        .hasToString("23c23d72-1955-3765-a0c6-01b59517c2b2");
  }
}
