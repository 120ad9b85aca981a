package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.registry.SchemaText;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.junit.jupiter.api.Test;

class AvroTextTest {
  @Test
  void canonicalTextLeavesOutWhiteSpaceAndKeepsWhatReadersNeed() {
    assertThat(
            canonical(
                "{ \"type\": \"record\", \"name\": \"A\", \"doc\": \"d\",\n"
                    + " \"fields\": [ {\"name\": \"f\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}, \"x\": 1, \"default\": 0} ] }"))
        .isEqualTo(
            "{\"type\":\"record\",\"name\":\"A\",\"doc\":\"d\",\"fields\":[{\"name\":\"f\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"},\"default\":0,\"x\":1}]}");
  }

  @Test
  void normalizedTextLeavesOutTheOrderOfKeys() {
    String one =
        "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"f\",\"type\":\"long\"}],\"b\":{\"y\":1,\"x\":2},\"a\":1}";
    String other =
        "{\"a\":1,\"b\":{\"y\":1,\"x\":2},\"fields\":[{\"type\":{\"type\":\"long\"},\"name\":\"f\"}],\"name\":\"A\",\"type\":\"record\"}";

    assertThat(canonical(one)).isNotEqualTo(canonical(other));
    assertThat(AvroText.normalized(canonical(one)))
        .isEqualTo(AvroText.normalized(canonical(other)));
    assertThat(new Schema.Parser().parse(AvroText.normalized(canonical(one))))
        .isEqualTo(new Schema.Parser().parse(one));
  }

  @Test
  void resolvesReferencesOfReferencesAndKeepsThemNames() {
    Map<String, SchemaText> known =
        Map.of(
            "leaf",
            new SchemaText("{\"type\":\"enum\",\"name\":\"Leaf\",\"symbols\":[\"X\"]}", List.of()),
            "branch",
            new SchemaText(
                "{\"type\":\"record\",\"name\":\"Branch\",\"fields\":[{\"name\":\"leaf\",\"type\":\"Leaf\"}]}",
                List.of(new SchemaText.Reference("Leaf", "leaf", 1))));
    SchemaText tree =
        new SchemaText(
            "{\"type\":\"array\",\"items\":\"Branch\"}",
            List.of(new SchemaText.Reference("Branch", "branch", 1)));
    Function<SchemaText.Reference, SchemaText> source = reference -> known.get(reference.subject());

    Schema schema = AvroText.parse(tree, source);

    assertThat(schema.getElementType().getField("leaf").schema().getEnumSymbols())
        .containsExactly("X");
    assertThat(AvroText.canonical(tree, schema, source)).isEqualTo(tree.text());
  }

  @Test
  void refusesADefaultOfTheWrongType() {
    assertThatThrownBy(
            () ->
                canonical(
                    "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"f\",\"type\":\"long\",\"default\":\"0\"}]}"))
        .isInstanceOf(org.apache.avro.AvroRuntimeException.class);
    assertThatThrownBy(() -> canonical("{")).isInstanceOf(SchemaParseException.class);
  }

  private static String canonical(String text) {
    SchemaText schema = new SchemaText(text, List.of());
    return AvroText.canonical(
        schema, AvroText.parse(schema, AvroTextTest::none), AvroTextTest::none);
  }

  private static SchemaText none(SchemaText.Reference reference) {
    throw new IllegalArgumentException(reference.toString());
  }
}
