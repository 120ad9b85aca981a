package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.config.NumberTypes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * By what SQL a stream's records become rows, and from which offsets on. Each version names the one
 * before it, the ledger names the latest.
 *
 * @param sql its text; null where a record's fields are its row
 * @param numbers what columns numbers get
 * @param schemas those whose fields the SQL was compiled for at the stream's start, each in Avro's
 *     JSON, in the order in which they were added to each other; empty without a SQL
 * @param from the first offset of each partition that was known then; of others all offsets are
 *     this version's, until a later one's
 * @param before the file of the version before; null for the first one
 */
public record SqlVersion(
    String sql,
    NumberTypes numbers,
    List<String> schemas,
    SortedMap<Integer, Long> from,
    String before) {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  public SqlVersion {
    schemas = List.copyOf(schemas);
    from = Collections.unmodifiableSortedMap(new TreeMap<>(from));
  }

  /** Whether rows are made the same way, from wherever on. */
  public boolean isAs(SqlVersion other) {
    return Objects.equals(sql, other.sql)
        && schemas.equals(other.schemas)
        && numbers == other.numbers;
  }

  /** Whether an offset is not one of an earlier version; it may be a later one's. */
  public boolean begunAt(int partition, long offset) {
    Long first = from.get(partition);
    return first == null || offset >= first;
  }

  /** As docs/ledger.md describes it. */
  public String toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("sql", sql);
    json.put("numberTypes", numbers.name());
    ArrayNode texts = json.putArray("schemas");
    schemas.forEach(texts::add);
    ObjectNode offsets = json.putObject("from");
    from.forEach((partition, offset) -> offsets.put(Integer.toString(partition), offset));
    json.put("before", before);
    return json.toString();
  }

  /**
   * @throws IllegalArgumentException where the text is no such version
   */
  public static SqlVersion fromJson(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException(
            "it has format %s, not %d".formatted(json.path("format"), FORMAT));
      }
      SortedMap<Integer, Long> from = new TreeMap<>();
      for (Iterator<String> names = json.path("from").fieldNames(); names.hasNext(); ) {
        String partition = names.next();
        from.put(Integer.parseInt(partition), json.path("from").path(partition).longValue());
      }
      List<String> schemas = new ArrayList<>();
      json.path("schemas").forEach(schema -> schemas.add(schema.asText()));
      return new SqlVersion(
          text(json, "sql"),
          NumberTypes.valueOf(json.path("numberTypes").asText()),
          schemas,
          from,
          text(json, "before"));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).isTextual() ? json.path(name).textValue() : null;
  }

  /** The version that goes on from where a ledger is. */
  public static SqlVersion after(
      Ledger ledger, String sql, NumberTypes numbers, List<String> schemas) {
    SortedMap<Integer, Long> from = new TreeMap<>();
    for (Map.Entry<Integer, PartitionEntry> entry : ledger.partitions().entrySet()) {
      from.put(entry.getKey(), entry.getValue().next());
    }
    return new SqlVersion(sql, numbers, schemas, from, ledger.sql());
  }
}
