package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.CommitLog;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.ledger.PendingFile;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verdict;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that earlier versions have filled are gone on with, and proven from their first row. */
class IngestUpgradeIT {
  private static final int SECOND_WITH_DEAD = 2;
  private static final int THIRD_WITH_FILTERED = 3;
  private static final int FOURTH_WITH_SQL = 4;

  private final TestStack stack = TestStack.shared();
  @TempDir Path lake;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aTableOfAnEarlierFormatGoesOn(int format) throws Exception {
    try (TestTopic topic = new TestTopic(stack, 3)) {
      // Given a table of several commits whose ledgers are as that version wrote them
      topic.sendReadings(0, 90, 3);
      if (format >= SECOND_WITH_DEAD) {
        topic.send(1, null, new byte[] {9});
        topic.awaitAcknowledged();
      }
      Path table = lake.resolve("t");
      Runs.Stream options = new Runs.Stream(topic.name, table).mostRecords(40);
      StreamConfig stream =
          (format < FOURTH_WITH_SQL ? options : options.sql("SELECT id, note FROM stream"))
              .config();
      assertThat(Runs.drain(stream).drained()).isTrue();
      int commits = writeAs(format, table, DeltaTable.ledgerDomain(stream.name()));
      assertThat(commits).isGreaterThan(2);

      // When
      topic.sendReadings(90, 120, 3);
      assertThat(Runs.drain(stream).drained()).isTrue();

      // Then
      try (DeltaTable now =
          DeltaTable.open(stream.table(), LakeConfiguration.of(Map.of())).orElseThrow()) {
        Ledger ledger = now.ledger(stream.name()).orElseThrow();
        assertThat(ledger.epoch()).isEqualTo(2);
        assertThat(ledger.rows()).isEqualTo(120);
        assertThat(ledger.toJson()).startsWith("{\"format\":5,");
      }
      StreamReport report =
          Verifier.verify(
                  stack.config(stream),
                  new VerifyOptions(Set.of(), List.of(), VerifyOptions.Values.ALWAYS, 2),
                  (name, phase, done, total) -> {})
              .streams()
              .get(0);
      assertThat(report.findings()).isEmpty();
      assertThat(report.verdict()).isEqualTo(Verdict.PROVEN);
      assertThat(report.rows()).isEqualTo(120);
      assertThat(report.deadLetters()).isEqualTo(format >= SECOND_WITH_DEAD ? 1 : 0);
    }
  }

  /** How many commits have a ledger. Checksum files are left out, as Delta allows. */
  private static int writeAs(int format, Path table, String domain) throws IOException {
    int changed = 0;
    CommitLog log =
        CommitLog.list(table.toString(), LakeConfiguration.of(Map.of()), 0, Long.MAX_VALUE);
    List<Path> files;
    try (Stream<Path> all = Files.list(table.resolve("_delta_log"))) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      assertThat(name).doesNotContain("checkpoint");
      if (!name.endsWith(".json")) {
        Files.delete(file);
        continue;
      }
      String ledger = log.read(Long.parseLong(name.substring(0, 20))).domains().get(domain);
      if (ledger != null) {
        String commit = Files.readString(file);
        assertThat(commit).containsOnlyOnce(quoted(ledger));
        String then = earlier(format, Ledger.fromJson(ledger));
        Files.writeString(file, commit.replace(quoted(ledger), quoted(then)));
        changed++;
      }
    }
    return changed;
  }

  /** As a JSON string. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The same ledger in the fields and forms of that format. */
  private static String earlier(int format, Ledger ledger) {
    List<String> fields = new ArrayList<>();
    fields.add("\"format\":" + format);
    fields.add(text("stream", ledger.stream()));
    fields.add(text("topic", ledger.topic()));
    fields.add(text("topicId", ledger.topicId()));
    fields.add(text("clusterId", ledger.clusterId()));
    fields.add("\"epoch\":" + ledger.epoch());
    fields.add(text("owner", ledger.owner()));
    fields.add("\"sequence\":" + ledger.sequence());
    fields.add(text("attempt", ledger.attempt()));
    fields.add("\"rows\":" + ledger.rows());
    fields.add("\"partition\":" + ledger.partitions().keySet());
    fields.add("\"first\":" + list(ledger, PartitionEntry::first));
    fields.add("\"next\":" + list(ledger, PartitionEntry::next));
    fields.add(sparse("nulls", ledger, PartitionEntry::nulls));
    fields.add(sparse("empty", ledger, PartitionEntry::empty));
    if (format >= SECOND_WITH_DEAD) {
      fields.add(sparse("dead", ledger, PartitionEntry::dead));
      fields.add(
          ledger.pending().stream()
              .map(IngestUpgradeIT::pending)
              .collect(Collectors.joining(",", "\"pending\":[", "]")));
    }
    if (format >= THIRD_WITH_FILTERED) {
      fields.add(sparse("filtered", ledger, PartitionEntry::filtered));
    }
    if (format >= FOURTH_WITH_SQL) {
      fields.add(text("sql", ledger.sql()));
    }
    return "{" + String.join(",", fields) + "}";
  }

  private static String text(String name, String value) {
    return "\"" + name + "\":" + quoted(value);
  }

  private static List<Long> list(Ledger ledger, ToLongFunction<PartitionEntry> value) {
    return ledger.partitions().values().stream().mapToLong(value).boxed().toList();
  }

  private static String sparse(String name, Ledger ledger, ToLongFunction<PartitionEntry> value) {
    return ledger.partitions().entrySet().stream()
        .filter(entry -> value.applyAsLong(entry.getValue()) != 0)
        .map(entry -> "\"%d\":%d".formatted(entry.getKey(), value.applyAsLong(entry.getValue())))
        .collect(Collectors.joining(",", "\"" + name + "\":{", "}"));
  }

  private static String pending(PendingFile file) {
    return "{\"sequence\":%d,%s,\"bytes\":%d,\"modified\":%d,\"rows\":%d,%s}"
        .formatted(
            file.sequence(),
            text("file", file.name()),
            file.bytes(),
            file.modificationTime(),
            file.rows(),
            text("statistics", file.statistics()));
  }
}
