package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.registry.SchemaText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The layout is Confluent's: its keys and values, field for field. */
class ChangeCodecTest {
  private static final Version PLAIN =
      new Version("s-value", 2, 7, new SchemaText("\"long\"", List.of()), false);
  private static final Version REFERRING =
      new Version(
          "s-value",
          3,
          8,
          new SchemaText("\"A\"", List.of(new SchemaText.Reference("A", "a", 1))),
          true);

  static Stream<Arguments> layout() {
    return Stream.of(
        Arguments.of(
            new Change.Put(PLAIN),
            "{\"keytype\":\"SCHEMA\",\"subject\":\"s-value\",\"version\":2,\"magic\":1}",
            "{\"subject\":\"s-value\",\"version\":2,\"id\":7,\"schema\":\"\\\"long\\\"\",\"deleted\":false}"),
        Arguments.of(
            new Change.Put(REFERRING),
            "{\"keytype\":\"SCHEMA\",\"subject\":\"s-value\",\"version\":3,\"magic\":1}",
            "{\"subject\":\"s-value\",\"version\":3,\"id\":8,\"references\":[{\"name\":\"A\",\"subject\":\"a\",\"version\":1}],\"schema\":\"\\\"A\\\"\",\"deleted\":true}"),
        Arguments.of(
            new Change.Remove("s-value", 2),
            "{\"keytype\":\"SCHEMA\",\"subject\":\"s-value\",\"version\":2,\"magic\":1}",
            null),
        Arguments.of(
            new Change.DeleteSubject("s-value", 3),
            "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"s-value\",\"magic\":0}",
            "{\"subject\":\"s-value\",\"version\":3}"),
        Arguments.of(
            new Change.SetLevel(Optional.empty(), Optional.of(CompatibilityLevel.FULL)),
            "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}",
            "{\"compatibilityLevel\":\"FULL\"}"),
        Arguments.of(
            new Change.SetLevel(Optional.of("s-value"), Optional.empty()),
            "{\"keytype\":\"CONFIG\",\"subject\":\"s-value\",\"magic\":0}",
            null),
        Arguments.of(
            new Change.SetMode(Optional.of("s-value"), Optional.of(Mode.READONLY)),
            "{\"keytype\":\"MODE\",\"subject\":\"s-value\",\"magic\":0}",
            "{\"mode\":\"READONLY\"}"),
        Arguments.of(new Change.Nothing(), "{\"keytype\":\"NOOP\",\"magic\":0}", null));
  }

  @ParameterizedTest
  @MethodSource("layout")
  void writesAndReads(Change change, String key, String value) {
    ChangeCodec.Entry entry = ChangeCodec.encode(change);

    assertThat(entry.key()).isEqualTo(key);
    assertThat(entry.value()).isEqualTo(value);
    assertThat(ChangeCodec.decode(entry)).isEqualTo(change);
  }

  @Test
  void readsWhatNewerRegistriesAdd() {
    Change read =
        ChangeCodec.decode(
            entry(
                "{\"keytype\":\"SCHEMA\",\"subject\":\"s-value\",\"version\":2,\"magic\":1}",
                "{\"subject\":\"s-value\",\"version\":2,\"id\":7,\"md5\":\"x\",\"guid\":\"y\",\"schemaType\":\"AVRO\",\"schema\":\"\\\"long\\\"\",\"deleted\":false}"));

    assertThat(read).isEqualTo(new Change.Put(PLAIN));
  }

  @Test
  void refusesWhatItCanNotServe() {
    assertThatThrownBy(
            () ->
                ChangeCodec.decode(
                    entry(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"s\",\"version\":1,\"magic\":1}",
                        "{\"subject\":\"s\",\"version\":1,\"id\":1,\"schemaType\":\"JSON\",\"schema\":\"{}\"}")))
        .hasMessageContaining("JSON");
    assertThatThrownBy(() -> ChangeCodec.decode(entry("{\"keytype\":\"NEW\"}", "{}")))
        .hasMessageContaining("'NEW'");
    assertThatThrownBy(() -> ChangeCodec.decode(entry("garbage", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ChangeCodec.Entry entry(String key, String value) {
    return new ChangeCodec.Entry(key, value);
  }
}
