package io.millrace.producer.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  private static final Schema ORDER =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                {"name": "id", "type": "int"},
                {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                {"name": "note", "type": ["null", "string"], "default": null},
                {"name": "price", "type": "double", "default": 1.5}]}
              """);

  @TempDir private Path dir;

  private List<FileRecord> read(String name, String content, Schema schema) throws Exception {
    return read(Files.writeString(dir.resolve(name), content), schema);
  }

  private static List<FileRecord> read(Path path, Schema schema) {
    List<FileRecord> records = new ArrayList<>();
    try (RecordFile file = RecordFile.open(path, schema)) {
      for (FileRecord next = file.next(); next != null; next = file.next()) {
        records.add(next);
      }
    }
    return records;
  }

  private static Schema field(String type) {
    return new Schema.Parser()
        .parse(
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"f\",\"type\":"
                + type
                + "}]}");
  }

  /** What {@code {"f": json}} becomes: the value, or the reason why it does not fit. */
  private Object json(String type, String json) throws Exception {
    FileRecord only = read("value.json", "{\"f\": " + json + "}", field(type)).get(0);
    return only.fits() ? only.datum().get("f") : only.reason();
  }

  /** What a cell of a CSV file becomes: the value, or the reason why it does not fit. */
  private Object cell(String type, String cell) throws Exception {
    FileRecord only = read("cell.csv", "f\n" + cell + "\n", field(type)).get(0);
    return only.fits() ? only.datum().get("f") : only.reason();
  }

  @Test
  void jsonLinesFitOrTellWhyAndOnWhichLine() throws Exception {
    List<FileRecord> records =
        read(
            "orders.jsonl",
            """
            {"id": 1, "at": "2026-11-22T10:00:00.5Z", "note": "plain", "price": 2}

            {"id": 2, "at": 5, "note": {"string": "tagged"}}
            {"id": 3000000000, "at": 5}
            {"id": 3, "at": 5, "colour": "red"}
            {"id": 3}
            {"id": 3, "id": 4, "at": 5}
            {"id": 3, "at": 5} trailing
            not json
            [1]
            {"id": 4, "at": "2026-11-22T11:00:00+01:00"}""",
            ORDER);

    assertThat(records)
        .extracting(FileRecord::line)
        .containsExactly(1L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
    assertThat(records.get(0).datum())
        .hasToString("{\"id\": 1, \"at\": 1795341600500, \"note\": \"plain\", \"price\": 2.0}");
    assertThat(records.get(1).datum())
        .hasToString("{\"id\": 2, \"at\": 5, \"note\": \"tagged\", \"price\": 1.5}");
    assertThat(records.get(9).datum().get("at")).isEqualTo(1795341600000L);
    assertThat(records.subList(2, 9)).noneMatch(FileRecord::fits);
    assertThat(records.get(2).reason()).contains("id", "3000000000", "2147483647");
    assertThat(records.get(2).raw()).isEqualTo("{\"id\": 3000000000, \"at\": 5}");
    assertThat(records.get(3).reason()).contains("colour", "shop.Order");
    assertThat(records.get(4).reason()).contains("at", "missing");
    assertThat(records.get(5).reason()).contains("Duplicate");
    assertThat(records.get(6).reason()).contains("JSON");
    assertThat(records.get(7).reason()).contains("JSON");
    assertThat(records.get(8).reason()).contains("object");
  }

  @Test
  void whyALineIsNoJsonIsToldInWordsNotInTheParsersNames() throws Exception {
    List<FileRecord> records =
        read(
            "noise.jsonl",
            """
            {"id": 1, "at": 5} {"id": 2, "at": 5}
            {"id": 1, "at": 5
            {"id": NaN, "at": 5}
            {"id": 01, "at": 5}
            {"id": 1, /* one */ "at": 5}
            {id: 1, "at": 5}
            {"id": 1, "at": 5, "note": "\\q"}
            {"id": %s, "at": 5}
            {"id": %s, "at": 5}
            """
                .formatted("1".repeat(1001), "[".repeat(1001)),
            ORDER);

    assertThat(records).hasSize(9).noneMatch(FileRecord::fits);
    assertThat(records)
        .extracting(FileRecord::reason)
        .allSatisfy(
            reason ->
                assertThat(reason)
                    .startsWith("no valid JSON: ")
                    .doesNotContainPattern("[Ff]eature|REDACTED|jackson|_|`|[a-z][A-Z][a-z]"));
    assertThat(records.get(0).reason()).contains("more follows");
    assertThat((String) cell("{\"type\":\"array\",\"items\":\"int\"}", "[NaN]"))
        .startsWith("f: no valid JSON: ")
        .doesNotContain("Feature", "`");
  }

  @Test
  void jsonNumbersHaveToFit() throws Exception {
    assertThat(json("\"int\"", "2147483647")).isEqualTo(Integer.MAX_VALUE);
    assertThat(json("\"int\"", "7.0")).isEqualTo(7);
    assertThat((String) json("\"int\"", "7.5")).contains("whole number");
    assertThat((String) json("\"int\"", "\"7\"")).contains("whole number");
    assertThat(json("\"long\"", "-9223372036854775808")).isEqualTo(Long.MIN_VALUE);
    assertThat((String) json("\"long\"", "9223372036854775808")).contains("9223372036854775807");
    assertThat((String) json("\"long\"", "1e999999999")).contains("digits");
    assertThat(json("\"double\"", "1e300")).isEqualTo(1e300);
    assertThat((String) json("\"double\"", "1e400")).contains("f:");
    assertThat(json("\"float\"", "0.5")).isEqualTo(0.5f);
    assertThat((String) json("\"float\"", "1e39")).contains("3.4");
    assertThat(json("\"double\"", "\"NaN\"")).isEqualTo(Double.NaN);
    assertThat((String) json("\"boolean\"", "1")).contains("true or false");
  }

  @Test
  void jsonTakesTimesAsIsoTextOrAsNumbers() throws Exception {
    String date = "{\"type\":\"int\",\"logicalType\":\"date\"}";
    String micros = "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}";
    String local = "{\"type\":\"long\",\"logicalType\":\"local-timestamp-millis\"}";
    String millis = "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}";
    String time = "{\"type\":\"int\",\"logicalType\":\"time-millis\"}";

    assertThat(json(date, "\"1970-02-01\"")).isEqualTo(31);
    assertThat(json(date, "31")).isEqualTo(31);
    assertThat(json(micros, "\"1969-12-31T23:59:59.999999Z\"")).isEqualTo(-1L);
    assertThat(json(local, "\"1970-01-01T00:00:01\"")).isEqualTo(1000L);
    assertThat(json(time, "\"00:00:02.5\"")).isEqualTo(2500);
    assertThat((String) json(millis, "\"1970-01-01T00:00:00.0001Z\"")).contains("digits");
    assertThat((String) json(millis, "\"1970-01-01T00:00:00\"")).contains("timestamp-millis");
    assertThat((String) json(date, "\"2026-02-30\"")).contains("2026-02-30");
  }

  @Test
  void jsonReachesAllTypes() throws Exception {
    String decimal = "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":5,\"scale\":2}";
    String fixed = "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}";
    String letter = "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]}";

    assertThat(json(decimal, "123.4")).isEqualTo(ByteBuffer.wrap(new byte[] {0x30, 0x34}));
    assertThat(json(decimal, "\"123.40\"")).isEqualTo(ByteBuffer.wrap(new byte[] {0x30, 0x34}));
    assertThat((String) json(decimal, "1234")).contains("decimal(5,2)");
    assertThat((String) json(decimal, "1.234")).contains("decimal(5,2)");
    assertThat(json("\"bytes\"", "\"\\u00ff\"")).isEqualTo(ByteBuffer.wrap(new byte[] {-1}));
    assertThat((String) json("\"bytes\"", "\"\\u0100\"")).contains("U+00FF");
    assertThat(json(fixed, "\"ab\"")).hasToString("[97, 98]");
    assertThat((String) json(fixed, "\"abc\"")).contains("2 bytes");
    assertThat(json(letter, "\"B\"")).hasToString("B");
    assertThat((String) json(letter, "\"C\"")).contains("[A, B]");
    assertThat(json("{\"type\":\"array\",\"items\":\"int\"}", "[1, 2]")).isEqualTo(List.of(1, 2));
    assertThat((String) json("{\"type\":\"array\",\"items\":\"int\"}", "[1, null]"))
        .contains("f[1]");
    assertThat(json("{\"type\":\"map\",\"values\":\"int\"}", "{\"a\": 1}")).hasToString("{a=1}");
    assertThat((String) json("{\"type\":\"string\",\"logicalType\":\"uuid\"}", "\"x\""))
        .contains("UUID");
    assertThat((String) json("\"string\"", "\"\\ud800\"")).contains("whole characters");
  }

  @Test
  void aPlainUnionValueTakesTheFirstBranchItFits() throws Exception {
    assertThat(json("[\"null\",\"int\",\"string\"]", "null")).isNull();
    assertThat(json("[\"null\",\"int\",\"string\"]", "5")).isEqualTo(5);
    assertThat(json("[\"null\",\"int\",\"string\"]", "\"x\"")).isEqualTo("x");
    assertThat(json("[\"null\",\"int\",\"long\"]", "3000000000")).isEqualTo(3_000_000_000L);
    assertThat(json("[\"null\",{\"type\":\"map\",\"values\":\"int\"}]", "{\"map\": 3}"))
        .hasToString("{map=3}");
    assertThat((String) json("[\"null\",\"int\"]", "\"x\"")).contains("whole number");
    assertThat((String) json("[\"null\",\"int\",\"long\"]", "true")).contains("no branch");
  }

  @Test
  void csvRowsFitOrTellWhyAndOnWhichLine() throws Exception {
    List<FileRecord> records =
        read(
            "orders.csv",
            """
            id,note,at
            1,"two
            lines",2026-11-22T10:00:00Z
            2,,5

            x,note,5
            3,note
            4,"a,b",6
            """,
            ORDER);

    assertThat(records).extracting(FileRecord::line).containsExactly(2L, 4L, 6L, 7L, 8L);
    assertThat(records.get(0).datum())
        .hasToString(
            "{\"id\": 1, \"at\": 1795341600000, \"note\": \"two\\nlines\", \"price\": 1.5}");
    assertThat(records.get(1).datum().get("note")).isNull();
    assertThat(records.get(2).reason()).contains("id", "\"x\"");
    assertThat(records.get(2).raw()).isEqualTo("x,note,5");
    assertThat(records.get(3).reason()).contains("2 values", "3");
    assertThat(records.get(4).datum().get("note")).isEqualTo("a,b");
  }

  @Test
  void csvLinesMayEndAsOnWindows() throws Exception {
    List<FileRecord> records = read("crlf.csv", "\uFEFFid,at\r\n1,2\r\n2,x\r\n", ORDER);

    assertThat(records).extracting(FileRecord::line).containsExactly(2L, 3L);
    assertThat(records.get(0).datum().get("at")).isEqualTo(2L);
    assertThat(records.get(1).raw()).isEqualTo("2,x");
  }

  @Test
  void aBrokenQuoteEndsTheCsvWithAReason() throws Exception {
    List<FileRecord> records = read("broken.csv", "id,at\n1,2\n2,\"open\n3,4\n", ORDER);

    assertThat(records).hasSize(2);
    assertThat(records.get(1).fits()).isFalse();
    assertThat(records.get(1).reason()).contains("CSV");
    assertThat(records.get(1).line()).isEqualTo(3);
  }

  @Test
  void aCsvHeaderThatDoesNotFitTheSchemaIsRefused() {
    assertThatThrownBy(() -> read("h.csv", "id,at,colour\n", ORDER)).hasMessageContaining("colour");
    assertThatThrownBy(() -> read("h.csv", "id,note\n", ORDER)).hasMessageContaining("at");
    assertThatThrownBy(() -> read("h.csv", "id,at,id\n", ORDER)).hasMessageContaining("twice");
    assertThatThrownBy(() -> read("h.csv", "", ORDER)).hasMessageContaining("id");
  }

  @Test
  void cellsBecomeWhatTheTypeAsksFor() throws Exception {
    assertThat(cell("\"boolean\"", "TRUE")).isEqualTo(true);
    assertThat(cell("\"double\"", "1e3")).isEqualTo(1000.0);
    assertThat(cell("\"long\"", " 12 ")).isEqualTo(12L);
    assertThat(cell("\"string\"", "12")).isEqualTo("12");
    assertThat(cell("{\"type\":\"array\",\"items\":\"int\"}", "\"[1,2]\""))
        .isEqualTo(List.of(1, 2));
    assertThat(cell("[\"null\",\"int\",\"string\"]", "x")).isEqualTo("x");
    assertThat(cell("{\"type\":\"int\",\"logicalType\":\"date\"}", "1970-01-02")).isEqualTo(1);
    assertThat((String) cell("\"long\"", "1.5")).contains("whole number");
    assertThat((String) cell("{\"type\":\"array\",\"items\":\"int\"}", "[1")).contains("JSON");
  }

  @Test
  void avroRecordsAreResolvedOneByOne() throws Exception {
    Schema writer =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Order", "namespace": "shop", "fields": [
                  {"name": "id", "type": ["int", "string"]},
                  {"name": "extra", "type": "string"},
                  {"name": "at", "type": "int"}]}
                """);
    Path path = dir.resolve("orders.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<>(writer))) {
      out.create(writer, path.toFile());
      for (Object id : new Object[] {1, "two", 3}) {
        GenericRecord record = new GenericData.Record(writer);
        record.put("id", id);
        record.put("extra", "x");
        record.put("at", 9);
        out.append(record);
      }
    }

    List<FileRecord> records = read(path, ORDER);

    assertThat(records).extracting(FileRecord::line).containsExactly(1L, 2L, 3L);
    assertThat(records.get(0).datum())
        .hasToString("{\"id\": 1, \"at\": 9, \"note\": null, \"price\": 1.5}");
    assertThat(records.get(1).fits()).isFalse();
    assertThat(records.get(1).raw()).contains("\"two\"");
    assertThat(records.get(2).datum().get("id")).isEqualTo(3);
  }

  @Test
  void aDamagedAvroFileIsAnError() throws Exception {
    Path path = Files.writeString(dir.resolve("no.avro"), "no container");

    assertThatThrownBy(() -> read(path, ORDER))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("no.avro");
  }

  @Test
  void anAvroFileThatIsCutOffIsAnErrorWhereverItEnds() throws Exception {
    Path whole = dir.resolve("whole.avro");
    try (DataFileWriter<GenericRecord> out =
        new DataFileWriter<>(new GenericDatumWriter<>(ORDER))) {
      out.setSyncInterval(100);
      out.create(ORDER, whole.toFile());
      for (int id = 0; id < 30; id++) {
        GenericRecord record = new GenericData.Record(ORDER);
        record.put("id", id);
        record.put("at", 9);
        record.put("price", 1.5);
        out.append(record);
      }
    }
    assertThat(read(whole, ORDER)).hasSize(30);
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = dir.resolve("cut.avro");
    for (int missing : new int[] {1, 16, 17, 20, 60, 150}) {
      Files.write(cut, Arrays.copyOf(bytes, bytes.length - missing));

      assertThatThrownBy(() -> read(cut, ORDER))
          .as("%d bytes missing", missing)
          .isInstanceOf(MillraceException.class)
          .hasMessageContaining("cut.avro can't be read");
    }
  }

  @Test
  void aMissingFileAndAnUnknownKindAreErrors() throws Exception {
    Path text = Files.writeString(dir.resolve("orders.txt"), "");

    assertThatThrownBy(() -> RecordFile.open(dir.resolve("none.csv"), ORDER))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("none.csv");
    assertThatThrownBy(() -> RecordFile.open(text, ORDER))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining(".jsonl");
  }
}
