package io.millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/config.md to the code. */
class ConfigDocsTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-zA-Z.]+)` \\| ([^|]*) \\| ([^|]*) \\|[^|]*\\|[^|]*\\|");

  private final UnaryOperator<String> noEnvironment = name -> null;

  private static String docs() throws IOException {
    return Files.readString(Path.of("..", "docs", "config.md"));
  }

  /** Key to default, as documented. */
  private static Map<String, String> documented() throws IOException {
    Map<String, String> rows = new LinkedHashMap<>();
    Matcher matcher = ROW.matcher(docs());
    while (matcher.find()) {
      rows.put(matcher.group(1), matcher.group(3).replace("`", "").trim());
    }
    return rows;
  }

  private static List<String> keysOfTheCode() {
    List<String> keys = new ArrayList<>();
    for (String key : StreamSection.KEYS) {
      switch (key) {
        case "columns" -> StreamSection.COLUMN_KEYS.forEach(k -> keys.add("columns." + k));
        case "breaker" -> StreamSection.BREAKER_KEYS.forEach(k -> keys.add("breaker." + k));
        case "partitionBy" ->
            StreamSection.PARTITION_KEYS.forEach(k -> keys.add("partitionBy." + k));
        default -> keys.add(key);
      }
    }
    return keys;
  }

  @Test
  void everyKeyIsDocumentedAndNoOther() throws IOException {
    assertThat(documented().keySet()).containsExactlyElementsOf(keysOfTheCode());
    assertThat(docs())
        .contains(ConfigLoader.SECTIONS.stream().map(s -> "| `" + s + "` |").toList());
  }

  @Test
  void everyDocumentedDefaultIsTheCodes() throws IOException {
    JsonNode stream =
        effective(
            new ConfigOverride("", "streams.s.topic", "TOPIC"),
            new ConfigOverride("", "streams.s.table", "t"));
    JsonNode partitioned =
        effective(
            new ConfigOverride("", "streams.s.topic", "TOPIC"),
            new ConfigOverride("", "streams.s.table", "t"),
            new ConfigOverride("", "streams.s.partitionBy.source", "SOURCE"));

    documented()
        .forEach(
            (key, documented) -> {
              JsonNode actual = stream.at("/" + key.replace('.', '/'));
              switch (documented) {
                case "required" -> assertThat(key).isIn("topic", "table");
                case "none" ->
                    assertThat(actual.isMissingNode() || actual.isEmpty()).as(key).isTrue();
                default -> {
                  JsonNode there =
                      actual.isMissingNode() ? partitioned.at("/" + key.replace('.', '/')) : actual;
                  assertThat(
                          there
                              .asText()
                              .replace("SOURCE_date", "SOURCE_UNIT")
                              .replace("millrace-s", "millrace-STREAM"))
                      .as(key)
                      .isEqualTo(documented);
                }
              }
            });
  }

  @Test
  void theDocumentedExampleIsValid() throws IOException {
    Matcher matcher = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(docs());
    assertThat(matcher.find()).isTrue();
    String example =
        matcher.group(1).replace("${env:KAFKA_JAAS}", "x").replaceAll("\\$\\{file:[^}]*}", "u:p");
    Path file = Files.createTempFile("millrace", ".yaml");
    Files.writeString(file, example);

    assertThat(ConfigLoader.load(file).config().streams()).containsOnlyKeys("user-events");
    Files.delete(file);
  }

  private JsonNode effective(ConfigOverride... overrides) throws IOException {
    List<ConfigOverride> all = new ArrayList<>(List.of(overrides));
    all.add(new ConfigOverride("", "kafka.bootstrap.servers", "b:1"));
    all.add(new ConfigOverride("", "registry.url", "http://r:1"));
    LoadedConfig loaded = ConfigLoader.of(Path.of("/"), all, noEnvironment);
    return new ObjectMapper(new YAMLFactory()).readTree(loaded.effectiveYaml()).at("/streams/s");
  }
}
