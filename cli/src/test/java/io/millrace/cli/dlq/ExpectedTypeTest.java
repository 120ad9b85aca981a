package io.millrace.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class ExpectedTypeTest {
  private static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "shop.Order", "fields": [
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "note", "type": ["null", "string"]},
                {"name": "items", "type": ["null", {"type": "array", "items":
                  {"type": "record", "name": "Item", "fields": [
                    {"name": "tags", "type": {"type": "map", "values": "int"}}]}}]}]}
              """);

  @Test
  void followsFieldsItemsAndBranches() {
    assertThat(words("")).isEqualTo("record shop.Order");
    assertThat(words("at")).isEqualTo("long (timestamp-millis)");
    assertThat(words("note")).isEqualTo("null or string");
    assertThat(words("items[]")).isEqualTo("record shop.Item");
    assertThat(words("items[].tags[]")).isEqualTo("int");
    assertThat(ExpectedType.at(SCHEMA, "items.tags")).isEmpty();
    assertThat(ExpectedType.at(SCHEMA, "none")).isEmpty();
  }

  private static String words(String path) {
    return ExpectedType.words(ExpectedType.at(SCHEMA, path).orElseThrow());
  }
}
