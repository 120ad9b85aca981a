package io.millrace.cli.schema;

import static io.millrace.cli.schema.SchemaDiffTest.field;
import static io.millrace.cli.schema.SchemaDiffTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ReadabilityTest {
  @Test
  void namesTheFieldAndWhatIsWrongWithIt() {
    String inner = "{'type':'record','name':'I','fields':[%s]}";
    Schema writer =
        record(
            field("a", "'string'"),
            field("k", "{'type':'enum','name':'K','symbols':['A','B']}"),
            field("l", "{'type':'array','items':" + inner.formatted("") + "}"));
    Schema reader =
        record(
            field("a", "'long'"),
            field("k", "{'type':'enum','name':'K','symbols':['A']}"),
            field("l", "{'type':'array','items':" + inner.formatted(field("x", "'int'")) + "}"),
            field("n", "'int'"));

    assertThat(Readability.problems(reader, writer))
        .containsExactlyInAnyOrder(
            "field a: reader type: LONG not compatible with writer type: STRING",
            "field k: lacks the enum symbols [B]",
            "field l[].x: has no default, and the writer does not have the field",
            "field n: has no default, and the writer does not have the field");
    assertThat(Readability.problems(reader, reader)).isEmpty();
  }

  @Test
  void findsTheFieldBehindAUnion() {
    Schema writer = record(field("u", "['null',{'type':'map','values':'string'}]"));
    Schema reader = record(field("u", "['null',{'type':'map','values':'int'}]"));

    assertThat(Readability.problems(reader, writer))
        .singleElement()
        .asString()
        .startsWith("field u")
        .contains("MAP");
  }
}
