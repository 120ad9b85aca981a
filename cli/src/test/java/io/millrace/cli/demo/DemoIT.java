package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.MillraceCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole chain, each part a real process; twice over one directory. */
class DemoIT {
  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private JsonNode demo(int records) throws Exception {
    Path report = directory.resolve("report.json");
    run(
        "demo",
        "--records",
        Integer.toString(records),
        "--partitions",
        "10",
        "--dir",
        data().toString(),
        "--report",
        report.toString());
    return new ObjectMapper().readTree(Files.readString(report));
  }

  private Path data() {
    return directory.resolve("data");
  }

  private void run(String... command) {
    int code = MillraceCli.execute(new PrintWriter(out), new PrintWriter(err), command);
    assertThat(code).as(out + "\n" + err).isZero();
  }

  /** Between two demos somebody else writes into the topic, as the README shows. */
  private void produceBetween(int records) {
    run("up", "--dir", data().toString());
    try {
      run(
          "produce",
          "-c",
          data().resolve("millrace.yaml").toString(),
          "--records",
          Integer.toString(records));
    } finally {
      run("down", "--dir", data().toString());
    }
  }

  @Test
  void provesEveryRecordAndASecondRunAddsToIt() throws Exception {
    JsonNode first = demo(200_000);

    assertThat(first.at("/produced/acknowledged").asLong()).isEqualTo(200_000);
    assertThat(first.at("/produced/failed").asLong(-1)).isZero();
    assertThat(first.at("/table/records").asLong()).isEqualTo(200_000);
    assertThat(first.at("/verify/ok").asBoolean()).isTrue();
    assertThat(first.at("/verify/lost").asLong(-1)).isZero();
    assertThat(first.at("/verify/duplicated").asLong(-1)).isZero();
    assertThat(first.at("/parameters/partitions").asInt()).isEqualTo(10);
    for (String positive :
        List.of(
            "/rate/produce",
            "/rate/endToEnd",
            "/cpuMicrosPerRecord/producer",
            "/cpuMicrosPerRecord/broker",
            "/cpuMicrosPerRecord/ingest",
            "/cpuMicrosPerRecord/ingestSteady",
            "/freshnessMillis/p95",
            "/firstCommitMillis",
            "/disk/kafkaBytes",
            "/disk/tableBytes")) {
      assertThat(first.at(positive).asDouble()).as(positive).isPositive();
    }
    assertThat(Path.of(first.at("/table/path").asText()).resolve("_delta_log")).isDirectory();
    assertThat(out.toString())
        .contains("verified              yes, each exactly once")
        .contains("delta_scan('" + first.at("/table/path").asText() + "')");
    documentsEveryField(first);

    produceBetween(10_000);
    JsonNode second = demo(20_000);

    assertThat(second.at("/produced/acknowledged").asLong()).isEqualTo(20_000);
    assertThat(second.at("/table/records").asLong()).isEqualTo(230_000);
    assertThat(second.at("/table/recordsOfThisRun").asLong()).isEqualTo(30_000);
    assertThat(second.at("/verify/ok").asBoolean()).isTrue();
  }

  private static void documentsEveryField(JsonNode report) throws Exception {
    String docs = Files.readString(Path.of("..", "docs", "demo-report.md"));
    Matcher rows = Pattern.compile("(?m)^\\| (`[^|]*) \\|").matcher(docs);
    StringBuilder documented = new StringBuilder();
    while (rows.find()) {
      documented.append(rows.group(1)).append('\n');
    }
    for (Map.Entry<String, JsonNode> section : report.properties()) {
      for (Map.Entry<String, JsonNode> field : section.getValue().properties()) {
        assertThat(documented.toString().lines())
            .as(section.getKey() + "." + field.getKey())
            .anyMatch(
                row ->
                    row.contains("`" + section.getKey() + ".")
                        && row.contains("." + field.getKey() + "`"));
      }
    }
  }
}
