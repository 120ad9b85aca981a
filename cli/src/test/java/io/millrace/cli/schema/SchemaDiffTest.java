package io.millrace.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class SchemaDiffTest {
  @Test
  void schemasThatSayTheSameDoNotDiffer() {
    Schema schema =
        record(
            field("id", "'long'"),
            field(
                "next",
                "['null',{'type':'record','name':'N','fields':[{'name':'n','type':['null','N']}]}]"));

    assertThat(lines(schema, new Schema.Parser().parse(schema.toString(true)))).isEmpty();
  }

  @Test
  void fieldsAreAddedRemovedRenamedAndMoved() {
    assertThat(
            lines(
                record(field("a", "'long'"), field("b", "'string'"), field("c", "'int'")),
                record(
                    field("c", "'int'"),
                    "{'name':'d','type':'string','aliases':['b','z']}",
                    "{'name':'e','type':['null','string'],'default':null}",
                    field("f", "{'type':'long','logicalType':'timestamp-millis'}"))))
        .containsExactly(
            "~ d: renamed from b (by alias)",
            "+ e: added, null or string, default null",
            "+ f: added, timestamp-millis, no default",
            "- a: removed, was long",
            "~ (schema): the fields are in another order");
  }

  @Test
  void typesArePromotedOrChanged() {
    assertThat(
            lines(
                record(
                    field("a", "'int'"),
                    field("b", "'long'"),
                    field("c", "['null','float']"),
                    field("d", "{'type':'long','logicalType':'timestamp-millis'}"),
                    field("e", "{'type':'bytes','logicalType':'decimal','precision':5,'scale':2}"),
                    field("f", "{'type':'fixed','name':'F','size':4}"),
                    field("g", "'string'")),
                record(
                    field("a", "'long'"),
                    field("b", "'int'"),
                    field("c", "['null','double']"),
                    field("d", "{'type':'long','logicalType':'timestamp-micros'}"),
                    field("e", "{'type':'bytes','logicalType':'decimal','precision':7,'scale':2}"),
                    field("f", "{'type':'fixed','name':'F','size':8}"),
                    field("g", "['null','string']"))))
        .containsExactly(
            "~ a: promoted from int to long",
            "~ b: type changed from long to int",
            "~ c: promoted from float to double",
            "~ d: type changed from timestamp-millis to timestamp-micros",
            "~ e: type changed from decimal(5,2) in bytes to decimal(7,2) in bytes",
            "~ f: type changed from fixed(4) F to fixed(8) F",
            "~ g: may be null now");
  }

  @Test
  void nestedChangesAreNamedByTheirPath() {
    String before = "{'type':'record','name':'P','fields':[{'name':'x','type':'int'}]}";
    String after =
        "{'type':'record','name':'P','fields':[{'name':'x','type':'long'},{'name':'y','type':'int','default':0}]}";

    assertThat(
            lines(
                record(
                    field("a", "{'type':'array','items':" + before + "}"),
                    field("m", "{'type':'map','values':['null','int']}"),
                    field("u", "['int','string']")),
                record(
                    field("a", "{'type':'array','items':" + after + "}"),
                    field("m", "{'type':'map','values':['null','long']}"),
                    field("u", "['int','boolean','bytes']"))))
        .containsExactly(
            "~ a[].x: promoted from int to long",
            "+ a[].y: added, int, default 0",
            "~ m{}: promoted from int to long",
            "+ u: may also be boolean",
            "+ u: may also be bytes",
            "- u: may no longer be string");
  }

  @Test
  void enumsDefaultsAndWordsChange() {
    assertThat(
            lines(
                record(
                    field("k", "{'type':'enum','name':'K','symbols':['A','B','C']}"),
                    "{'name':'d','type':'int','default':1}",
                    "{'name':'t','type':'string','doc':'old','x':1}"),
                record(
                    field("k", "{'type':'enum','name':'K','symbols':['C','A','D'],'default':'A'}"),
                    "{'name':'d','type':'int'}",
                    "{'name':'t','type':'string','doc':'new','x':2}")))
        .containsExactly(
            "+ k: enum symbol D added",
            "- k: enum symbol B removed",
            "~ k: the enum's symbols are in another order",
            "~ k: default symbol changed from none to A",
            "~ d: default changed from 1 to no default",
            "~ t: doc changed",
            "~ t: property x changed from 1 to 2");
  }

  @Test
  void aRecordThatContainsItselfIsComparedOnce() {
    String before =
        "['null',{'type':'record','name':'N','fields':[{'name':'n','type':['null','N']}]}]";
    String after =
        "['null',{'type':'record','name':'N','fields':[{'name':'n','type':['null','N']},{'name':'v','type':'int'}]}]";

    assertThat(lines(record(field("r", before)), record(field("r", after))))
        .containsExactly("+ r.v: added, int, no default");
  }

  private static List<String> lines(Schema old, Schema next) {
    return SchemaDiff.of(old, next).stream().map(SchemaChange::text).toList();
  }

  static String field(String name, String type) {
    return "{'name':'" + name + "','type':" + type + "}";
  }

  static Schema record(String... fields) {
    return new Schema.Parser()
        .parse(
            ("{'type':'record','name':'E','fields':[" + String.join(",", fields) + "]}")
                .replace('\'', '"'));
  }
}
