package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Writes the ledger's JSON (docs/ledger.md). Each commit of the table carries it, so it is kept
 * small: runs of partitions, an array for what differs in every partition, and only the partitions
 * that have any for the rarer counters.
 */
final class LedgerJson {
  /** The latest that is known. */
  static final int FORMAT = 6;

  /** Of a stream that is in its first topic: versions that know no generations can read it. */
  private static final int FORMAT_WITHOUT_GENERATION = 5;

  private static final JsonFactory JSON = new JsonFactory();

  private LedgerJson() {}

  static String write(Ledger ledger) {
    StringWriter text = new StringWriter(512 + 12 * ledger.partitions().size());
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      boolean first = ledger.generation() == Ledger.FIRST_GENERATION;
      json.writeNumberField("format", first ? FORMAT_WITHOUT_GENERATION : FORMAT);
      json.writeStringField("stream", ledger.stream());
      json.writeStringField("topic", ledger.topic());
      json.writeStringField("topicId", ledger.topicId());
      json.writeStringField("clusterId", ledger.clusterId());
      if (!first) {
        json.writeNumberField("generation", ledger.generation());
      }
      json.writeNumberField("epoch", ledger.epoch());
      json.writeStringField("owner", ledger.owner());
      json.writeNumberField("at", ledger.writer().at());
      json.writeNumberField("sequence", ledger.sequence());
      json.writeStringField("attempt", ledger.attempt());
      json.writeNumberField("rows", ledger.rows());
      json.writeStringField("partition", PartitionRuns.write(ledger.partitions().keySet()));
      writeSparse(json, "first", ledger, PartitionEntry::first, 0);
      json.writeArrayFieldStart("next");
      for (PartitionEntry entry : ledger.partitions().values()) {
        json.writeNumber(entry.next());
      }
      json.writeEndArray();
      writeSparse(json, "nulls", ledger, PartitionEntry::nulls, 0);
      writeSparse(json, "dead", ledger, PartitionEntry::dead, 0);
      writeSparse(json, "filtered", ledger, PartitionEntry::filtered, 0);
      writeSparse(json, "empty", ledger, PartitionEntry::empty, 0);
      writeSparse(json, "lost", ledger, PartitionEntry::lost, 0);
      int leader = commonestLeader(ledger);
      json.writeNumberField("leader", leader);
      writeSparse(json, "leaderOf", ledger, PartitionEntry::leader, leader);
      writePending(json, ledger.pending());
      writeAccepted(json, ledger.accepted());
      if (ledger.restored() != null) {
        json.writeObjectFieldStart("restored");
        json.writeNumberField("version", ledger.restored().version());
        json.writeNumberField("sequence", ledger.restored().sequence());
        json.writeEndObject();
      }
      if (ledger.sql() != null) {
        json.writeStringField("sql", ledger.sql());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A StringWriter does not fail", e);
    }
    return text.toString();
  }

  /** Nothing where all partitions have the usual value. */
  private static void writeSparse(
      JsonGenerator json,
      String name,
      Ledger ledger,
      ToLongFunction<PartitionEntry> count,
      long usual)
      throws IOException {
    boolean begun = false;
    for (Map.Entry<Integer, PartitionEntry> partition : ledger.partitions().entrySet()) {
      long value = count.applyAsLong(partition.getValue());
      if (value != usual) {
        if (!begun) {
          json.writeObjectFieldStart(name);
          begun = true;
        }
        json.writeNumberField(Integer.toString(partition.getKey()), value);
      }
    }
    if (begun) {
      json.writeEndObject();
    }
  }

  private static int commonestLeader(Ledger ledger) {
    Map<Integer, Integer> counts = new HashMap<>();
    ledger.partitions().values().forEach(entry -> counts.merge(entry.leader(), 1, Integer::sum));
    return counts.entrySet().stream()
        .max(Map.Entry.<Integer, Integer>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(PartitionEntry.UNKNOWN_LEADER);
  }

  private static void writePending(JsonGenerator json, List<PendingFile> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("pending");
    for (PendingFile file : files) {
      json.writeStartObject();
      json.writeNumberField("sequence", file.sequence());
      json.writeStringField("file", file.name());
      json.writeNumberField("bytes", file.bytes());
      json.writeNumberField("modified", file.modificationTime());
      json.writeNumberField("rows", file.rows());
      json.writeStringField("statistics", file.statistics());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** What was accepted at one time stands together: a topic may lose something everywhere. */
  private static void writeAccepted(JsonGenerator json, List<Accepted> accepted)
      throws IOException {
    if (accepted.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("accepted");
    for (int i = 0; i < accepted.size(); ) {
      List<Accepted> together = new ArrayList<>();
      Accepted first = accepted.get(i);
      while (i < accepted.size()
          && accepted.get(i).at().equals(first.at())
          && accepted.get(i).by().equals(first.by())) {
        together.add(accepted.get(i++));
      }
      json.writeStartObject();
      json.writeStringField("at", first.at());
      json.writeStringField("by", first.by());
      writeArray(json, "partition", together, Accepted::partition);
      writeArray(json, "from", together, Accepted::from);
      writeArray(json, "to", together, Accepted::to);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeArray(
      JsonGenerator json, String name, List<Accepted> losses, ToLongFunction<Accepted> value)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Accepted loss : losses) {
      json.writeNumber(value.applyAsLong(loss));
    }
    json.writeEndArray();
  }
}
