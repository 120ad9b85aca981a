package io.millrace.bench;

import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.producer.Schemas;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.Schema;

/** What is sent hostile payloads of: the bundled schemas, those that hurt most, and random ones. */
final class HostileSchemas {
  /** Of which a few bytes say much. */
  private static final List<String> WORST =
      List.of(
          array("'null'"),
          array("'boolean'"),
          array("['null','string']"),
          array("'string'"),
          array(array("'int'")),
          array(array(array(array("['null','long']")))),
          map("'null'"),
          map("'boolean'"),
          map("'string'"),
          map(map(map("['null','double']"))),
          "'string'",
          "'bytes'",
          array(decimal(9, 2)),
          array(decimal(38, 10)),
          array(decimal(60, 5)),
          decimal(2000, 1000),
          array("['null'," + wide("Wide", 100) + "]"),
          array("[" + wide("A", 9) + "," + wide("B", 9) + "," + wide("C", 9) + "]"),
          map("['null'," + wide("Wide", 20) + "]"));

  private HostileSchemas() {}

  /**
   * @param random how many of the random ones
   */
  static List<Schema> all(int random, RandomRecords records) {
    List<Schema> schemas = new ArrayList<>(Schemas.BUNDLED.stream().map(Schemas::load).toList());
    WORST.forEach(type -> schemas.add(record("{'name':'v','type':" + type + "}")));
    for (int i = 0; i < random; i++) {
      schemas.add(records.schema());
    }
    return schemas;
  }

  /** Records that contain themselves: no column can take them, readers pass them by. */
  static List<Schema> recursive() {
    return List.of(
        record("{'name':'v','type':['null','Row']}"),
        record("{'name':'v','type':{'type':'array','items':'Row'}}"),
        record("{'name':'v','type':['null',{'type':'map','values':'Row'}]}"));
  }

  private static Schema record(String field) {
    String fields = "{'name':'id','type':'long'}," + field;
    return new Schema.Parser()
        .parse(("{'type':'record','name':'Row','fields':[" + fields + "]}").replace('\'', '"'));
  }

  private static String array(String items) {
    return "{'type':'array','items':" + items + "}";
  }

  private static String map(String values) {
    return "{'type':'map','values':" + values + "}";
  }

  private static String decimal(int precision, int scale) {
    return "{'type':'bytes','logicalType':'decimal','precision':%d,'scale':%d}"
        .formatted(precision, scale);
  }

  private static String wide(String name, int fields) {
    return IntStream.range(0, fields)
        .mapToObj(i -> "{'name':'f" + i + "','type':['null','string']}")
        .collect(
            Collectors.joining(",", "{'type':'record','name':'" + name + "','fields':[", "]}"));
  }
}
