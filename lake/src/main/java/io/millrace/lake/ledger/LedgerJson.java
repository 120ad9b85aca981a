package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The ledger's JSON (docs/ledger.md). Each commit of the table carries it, so it is kept small:
 * parallel arrays for what differs in every partition, and only the partitions that have any for
 * the rarer counters.
 */
final class LedgerJson {
  static final int FORMAT = 4;

  /** Without the file of the SQL. */
  private static final int FORMAT_WITHOUT_SQL = 3;

  /**
   * Without filtered records, too. Written as long as the stream has no SQL, so that earlier
   * versions of Millrace can go on with the table.
   */
  private static final int FORMAT_WITHOUT_FILTERED = 2;

  /** Without dead letters. */
  private static final int FIRST_FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private LedgerJson() {}

  static String write(Ledger ledger) {
    StringWriter text = new StringWriter(256 + 24 * ledger.partitions().size());
    try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
      json.writeStartObject();
      boolean filters = ledger.filtered() > 0;
      json.writeNumberField("format", format(ledger));
      json.writeStringField("stream", ledger.stream());
      json.writeStringField("topic", ledger.topic());
      json.writeStringField("topicId", ledger.topicId());
      json.writeStringField("clusterId", ledger.clusterId());
      json.writeNumberField("epoch", ledger.epoch());
      json.writeStringField("owner", ledger.owner());
      json.writeNumberField("sequence", ledger.sequence());
      json.writeStringField("attempt", ledger.attempt());
      json.writeNumberField("rows", ledger.rows());
      json.writeArrayFieldStart("partition");
      for (int partition : ledger.partitions().keySet()) {
        json.writeNumber(partition);
      }
      json.writeEndArray();
      writeArray(json, "first", ledger, Ledger.Entry::first);
      writeArray(json, "next", ledger, Ledger.Entry::next);
      writeSparse(json, "nulls", ledger, Ledger.Entry::nulls);
      writeSparse(json, "dead", ledger, Ledger.Entry::dead);
      if (filters || ledger.sql() != null) {
        writeSparse(json, "filtered", ledger, Ledger.Entry::filtered);
      }
      writeSparse(json, "empty", ledger, Ledger.Entry::empty);
      writePending(json, ledger.pending());
      if (ledger.sql() != null) {
        json.writeStringField("sql", ledger.sql());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A StringWriter does not fail", e);
    }
    return text.toString();
  }

  private static int format(Ledger ledger) {
    if (ledger.sql() != null) {
      return FORMAT;
    }
    return ledger.filtered() > 0 ? FORMAT_WITHOUT_SQL : FORMAT_WITHOUT_FILTERED;
  }

  private static void writeArray(
      JsonGenerator json, String name, Ledger ledger, ToLongFunction<Ledger.Entry> value)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Ledger.Entry entry : ledger.partitions().values()) {
      json.writeNumber(value.applyAsLong(entry));
    }
    json.writeEndArray();
  }

  private static void writeSparse(
      JsonGenerator json, String name, Ledger ledger, ToLongFunction<Ledger.Entry> count)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<Integer, Ledger.Entry> partition : ledger.partitions().entrySet()) {
      long value = count.applyAsLong(partition.getValue());
      if (value != 0) {
        json.writeNumberField(Integer.toString(partition.getKey()), value);
      }
    }
    json.writeEndObject();
  }

  private static void writePending(JsonGenerator json, List<PendingFile> files) throws IOException {
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

  static Ledger read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      long format = number(json, "format");
      if (format < FIRST_FORMAT || format > FORMAT) {
        throw new MillraceException(
            ExitCode.PROTECTED,
            "The table's ledger can't be read",
            "it has format %d, this version of Millrace knows formats %d to %d"
                .formatted(format, FIRST_FORMAT, FORMAT),
            "Use the version of Millrace that wrote the table, or a newer one");
      }
      Ledger ledger =
          new Ledger(
              string(json, "stream"),
              string(json, "topic"),
              string(json, "topicId"),
              string(json, "clusterId"),
              number(json, "epoch"),
              string(json, "owner"),
              number(json, "sequence"),
              string(json, "attempt"),
              partitions(json, format),
              format == FIRST_FORMAT ? List.of() : pending(json),
              format == FORMAT ? string(json, "sql") : null);
      if (ledger.rows() != number(json, "rows")) {
        throw new IllegalArgumentException(
            "it claims %d rows, its partitions add up to %d"
                .formatted(number(json, "rows"), ledger.rows()));
      }
      return ledger;
    } catch (JsonProcessingException e) {
      throw unreadable(e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw unreadable(e.getMessage(), e);
    }
  }

  private static SortedMap<Integer, Ledger.Entry> partitions(JsonNode json, long format) {
    JsonNode partition = array(json, "partition");
    JsonNode first = array(json, "first");
    JsonNode next = array(json, "next");
    if (first.size() != partition.size() || next.size() != partition.size()) {
      throw new IllegalArgumentException(
          "its arrays differ in length: %d partitions, %d first and %d next offsets"
              .formatted(partition.size(), first.size(), next.size()));
    }
    Map<Integer, Long> nulls = sparse(json, "nulls");
    Map<Integer, Long> dead = format == FIRST_FORMAT ? new TreeMap<>() : sparse(json, "dead");
    Map<Integer, Long> filtered =
        format <= FORMAT_WITHOUT_FILTERED ? new TreeMap<>() : sparse(json, "filtered");
    Map<Integer, Long> empty = sparse(json, "empty");
    SortedMap<Integer, Ledger.Entry> entries = new TreeMap<>();
    for (int i = 0; i < partition.size(); i++) {
      int number = Math.toIntExact(integer(partition.get(i), "partition"));
      long from = integer(first.get(i), "first");
      long to = integer(next.get(i), "next");
      long nullCount = orZero(nulls.remove(number));
      long deadCount = orZero(dead.remove(number));
      long filteredCount = orZero(filtered.remove(number));
      long emptyCount = orZero(empty.remove(number));
      long rows = to - from - nullCount - deadCount - filteredCount - emptyCount;
      Ledger.Entry entry =
          new Ledger.Entry(from, to, rows, nullCount, deadCount, filteredCount, emptyCount);
      if (entries.put(number, entry) != null) {
        throw new IllegalArgumentException("it lists partition %d twice".formatted(number));
      }
    }
    if (!nulls.isEmpty() || !dead.isEmpty() || !filtered.isEmpty() || !empty.isEmpty()) {
      throw new IllegalArgumentException("it counts in partitions that it does not list");
    }
    return entries;
  }

  private static List<PendingFile> pending(JsonNode json) {
    List<PendingFile> files = new ArrayList<>();
    for (JsonNode file : array(json, "pending")) {
      files.add(
          new PendingFile(
              number(file, "sequence"),
              string(file, "file"),
              number(file, "bytes"),
              number(file, "modified"),
              number(file, "rows"),
              string(file, "statistics")));
    }
    return files;
  }

  private static Map<Integer, Long> sparse(JsonNode json, String name) {
    JsonNode node = json.path(name);
    if (!node.isObject()) {
      throw new IllegalArgumentException("it has no object \"" + name + "\"");
    }
    Map<Integer, Long> counts = new TreeMap<>();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String partition = names.next();
      counts.put(Integer.parseInt(partition), integer(node.get(partition), name));
    }
    return counts;
  }

  private static long orZero(Long count) {
    return count == null ? 0 : count;
  }

  private static JsonNode array(JsonNode json, String name) {
    JsonNode node = json.path(name);
    if (!node.isArray()) {
      throw new IllegalArgumentException("it has no array \"" + name + "\"");
    }
    return node;
  }

  private static String string(JsonNode json, String name) {
    JsonNode node = json.path(name);
    if (!node.isTextual()) {
      throw new IllegalArgumentException("it has no text \"" + name + "\"");
    }
    return node.textValue();
  }

  private static long number(JsonNode json, String name) {
    return integer(json.path(name), name);
  }

  private static long integer(JsonNode node, String name) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new IllegalArgumentException("\"" + name + "\" is not a whole number");
    }
    return node.longValue();
  }

  private static MillraceException unreadable(String reason, Exception cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The table's ledger can't be read",
        reason,
        "It was edited or damaged: restore the table's _delta_log, or ingest into a new table",
        cause);
  }
}
