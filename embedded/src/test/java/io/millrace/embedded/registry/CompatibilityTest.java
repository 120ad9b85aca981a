package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompatibilityTest {
  private static final Schema A = SchemaBuilder.record("R").fields().requiredLong("a").endRecord();
  private static final Schema A_B_DEFAULT =
      SchemaBuilder.record("R").fields().requiredLong("a").optionalString("b").endRecord();
  private static final Schema A_B =
      SchemaBuilder.record("R")
          .fields()
          .requiredLong("a")
          .name("b")
          .type()
          .unionOf()
          .nullType()
          .and()
          .stringType()
          .endUnion()
          .noDefault()
          .endRecord();

  private static Schema schema(String name) {
    return switch (name) {
      case "a" -> A;
      case "a+b=" -> A_B_DEFAULT;
      case "a+b" -> A_B;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** "a+b=" has a default for b, "a+b" has none. The transitive levels look at the first, too. */
  @ParameterizedTest
  @CsvSource({
    "NONE, a, a, a+b, true",
    "BACKWARD, a, a+b=, a+b, true",
    "BACKWARD_TRANSITIVE, a, a+b=, a+b, false",
    "BACKWARD, a, a, a+b, false",
    "BACKWARD, a, a, a+b=, true",
    "BACKWARD, a+b, a+b, a, true",
    "FORWARD, a+b, a+b=, a, true",
    "FORWARD_TRANSITIVE, a+b, a+b=, a, false",
    "FORWARD, a, a+b, a, false",
    "FORWARD, a, a, a+b, true",
    "FULL, a, a+b=, a+b, true",
    "FULL_TRANSITIVE, a, a+b=, a+b, false",
    "FULL, a, a, a+b, false",
    "FULL, a+b, a+b, a, false",
    "FULL_TRANSITIVE, a, a+b=, a, true",
  })
  void judgesByLevel(
      CompatibilityLevel level, String first, String latest, String next, boolean compatible) {
    List<String> problems =
        Compatibility.problems(
            schema(next),
            List.of(
                new Compatibility.Earlier(1, schema(first)),
                new Compatibility.Earlier(2, schema(latest))),
            level);

    assertThat(problems.isEmpty()).as(problems.toString()).isEqualTo(compatible);
  }

  @ParameterizedTest
  @CsvSource({"BACKWARD", "FULL_TRANSITIVE"})
  void acceptsTheFirstSchema(CompatibilityLevel level) {
    assertThat(Compatibility.problems(A, List.of(), level)).isEmpty();
  }
}
