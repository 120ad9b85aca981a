package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the ledger's JSON (docs/ledger.md), in this format and all earlier ones. */
final class LedgerReader {
  /** With arrays of partitions and of their first offsets; every counter is there, or in none. */
  private static final int LAST_WITH_ARRAYS = 4;

  private static final int FIRST_WITH_GENERATION = 6;
  private static final int FIRST_WITH_SQL = 4;
  private static final int FIRST_WITH_FILTERED = 3;
  private static final int FIRST_WITH_DEAD_LETTERS = 2;
  private static final int FIRST_FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private LedgerReader() {}

  static Ledger read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      long format = number(json, "format");
      if (format < FIRST_FORMAT || format > LedgerJson.FORMAT) {
        throw new MillraceException(
            ExitCode.PROTECTED,
            "The table's ledger can't be read",
            "it has format %d, this version of Millrace knows formats %d to %d"
                .formatted(format, FIRST_FORMAT, LedgerJson.FORMAT),
            "Use the version of Millrace that wrote the table, or a newer one");
      }
      Ledger ledger = format <= LAST_WITH_ARRAYS ? earlier(json, format) : now(json);
      if (ledger.rows() != number(json, "rows")) {
        throw new IllegalArgumentException(
            "it claims %d rows, its partitions add up to %d"
                .formatted(number(json, "rows"), ledger.rows()));
      }
      requireAccepted(ledger);
      return ledger;
    } catch (JsonProcessingException e) {
      throw unreadable(e.getOriginalMessage(), e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw unreadable(e.getMessage(), e);
    }
  }

  /** What is said to be lost is what was accepted, or records could go missing unseen. */
  private static void requireAccepted(Ledger ledger) {
    Map<Integer, Long> lost = new TreeMap<>();
    Map<Integer, Long> reached = new TreeMap<>();
    for (Accepted loss : ledger.accepted()) {
      PartitionEntry entry = ledger.partitions().get(loss.partition());
      if (entry == null
          || loss.from() < reached.getOrDefault(loss.partition(), entry.first())
          || loss.to() > entry.next()) {
        throw new IllegalArgumentException(
            "offsets %d to %d of partition %d can't have been accepted"
                .formatted(loss.from(), loss.to(), loss.partition()));
      }
      reached.put(loss.partition(), loss.to());
      lost.merge(loss.partition(), loss.offsets(), Long::sum);
    }
    ledger
        .partitions()
        .forEach(
            (partition, entry) -> {
              long sum = lost.getOrDefault(partition, 0L);
              if (entry.lost() != sum) {
                throw new IllegalArgumentException(
                    "partition %d has lost %d offsets, but %d were accepted"
                        .formatted(partition, entry.lost(), sum));
              }
            });
  }

  private static Ledger now(JsonNode json) {
    return ledger(
        json,
        number(json, "at"),
        new Counters(json, true).entries(PartitionRuns.read(string(json, "partition"))),
        json.has("pending") ? pending(json) : List.of(),
        json.has("sql") ? string(json, "sql") : null,
        json.has("accepted") ? accepted(json) : List.of(),
        json.has("restored") ? restored(json.get("restored")) : null);
  }

  private static Ledger.Restored restored(JsonNode json) {
    return new Ledger.Restored(number(json, "version"), number(json, "sequence"));
  }

  private static Ledger earlier(JsonNode json, long format) {
    List<Integer> partitions = new ArrayList<>();
    for (JsonNode partition : array(json, "partition")) {
      partitions.add(Math.toIntExact(integer(partition, "partition")));
    }
    JsonNode first = array(json, "first");
    if (first.size() != partitions.size()) {
      throw new IllegalArgumentException(
          "its arrays differ in length: %d partitions and %d first offsets"
              .formatted(partitions.size(), first.size()));
    }
    Counters counters = new Counters(json, false);
    for (int i = 0; i < partitions.size(); i++) {
      counters.first.put(partitions.get(i), integer(first.get(i), "first"));
    }
    counters.nulls.putAll(sparse(json, "nulls"));
    counters.empty.putAll(sparse(json, "empty"));
    if (format >= FIRST_WITH_DEAD_LETTERS) {
      counters.dead.putAll(sparse(json, "dead"));
    }
    if (format >= FIRST_WITH_FILTERED) {
      counters.filtered.putAll(sparse(json, "filtered"));
    }
    return ledger(
        json,
        0,
        counters.entries(partitions),
        format >= FIRST_WITH_DEAD_LETTERS ? pending(json) : List.of(),
        format >= FIRST_WITH_SQL ? string(json, "sql") : null,
        List.of(),
        null);
  }

  private static Ledger ledger(
      JsonNode json,
      long at,
      SortedMap<Integer, PartitionEntry> entries,
      List<PendingFile> pending,
      String sql,
      List<Accepted> accepted,
      Ledger.Restored restored) {
    return new Ledger(
        string(json, "stream"),
        new Ledger.Source(
            string(json, "topic"),
            string(json, "topicId"),
            string(json, "clusterId"),
            generation(json)),
        new Ledger.Writer(number(json, "epoch"), string(json, "owner"), at),
        number(json, "sequence"),
        string(json, "attempt"),
        entries,
        pending,
        sql,
        accepted,
        restored);
  }

  private static int generation(JsonNode json) throws ArithmeticException {
    return number(json, "format") < FIRST_WITH_GENERATION
        ? Ledger.FIRST_GENERATION
        : Math.toIntExact(number(json, "generation"));
  }

  /** What is written only of the partitions that have any. */
  private static final class Counters {
    private final JsonNode next;
    private final Map<Integer, Long> first = new TreeMap<>();
    private final Map<Integer, Long> nulls = new TreeMap<>();
    private final Map<Integer, Long> dead = new TreeMap<>();
    private final Map<Integer, Long> filtered = new TreeMap<>();
    private final Map<Integer, Long> empty = new TreeMap<>();
    private final Map<Integer, Long> lost = new TreeMap<>();
    private final Map<Integer, Long> leaderOf = new TreeMap<>();
    private long leader = PartitionEntry.UNKNOWN_LEADER;

    /**
     * @param all whether to read all of them, where they are
     */
    Counters(JsonNode json, boolean all) {
      next = array(json, "next");
      if (all) {
        take(json, "first", first);
        take(json, "nulls", nulls);
        take(json, "dead", dead);
        take(json, "filtered", filtered);
        take(json, "empty", empty);
        take(json, "lost", lost);
        take(json, "leaderOf", leaderOf);
        leader = number(json, "leader");
      }
    }

    private static void take(JsonNode json, String name, Map<Integer, Long> into) {
      if (json.has(name)) {
        into.putAll(sparse(json, name));
      }
    }

    SortedMap<Integer, PartitionEntry> entries(Iterable<Integer> partitions) {
      SortedMap<Integer, PartitionEntry> entries = new TreeMap<>();
      int i = 0;
      for (int partition : partitions) {
        if (i == next.size()) {
          throw new IllegalArgumentException("it has more partitions than next offsets");
        }
        PartitionEntry entry = entry(partition, integer(next.get(i++), "next"));
        if (entries.put(partition, entry) != null) {
          throw new IllegalArgumentException("it lists partition %d twice".formatted(partition));
        }
      }
      if (i != next.size()) {
        throw new IllegalArgumentException("it has more next offsets than partitions");
      }
      for (Map<Integer, Long> left : List.of(first, nulls, dead, filtered, empty, lost, leaderOf)) {
        if (!left.isEmpty()) {
          throw new IllegalArgumentException("it counts in partitions that it does not list");
        }
      }
      return entries;
    }

    private PartitionEntry entry(int partition, long to) {
      long from = orZero(first.remove(partition));
      long nullCount = orZero(nulls.remove(partition));
      long deadCount = orZero(dead.remove(partition));
      long filteredCount = orZero(filtered.remove(partition));
      long emptyCount = orZero(empty.remove(partition));
      long lostCount = orZero(lost.remove(partition));
      Long leads = leaderOf.remove(partition);
      return new PartitionEntry(
          from,
          to,
          to - from - nullCount - deadCount - filteredCount - emptyCount - lostCount,
          nullCount,
          deadCount,
          filteredCount,
          emptyCount,
          lostCount,
          Math.toIntExact(leads == null ? leader : leads));
    }
  }

  private static List<Accepted> accepted(JsonNode json) {
    List<Accepted> all = new ArrayList<>();
    for (JsonNode together : array(json, "accepted")) {
      JsonNode partition = array(together, "partition");
      JsonNode from = array(together, "from");
      JsonNode to = array(together, "to");
      if (from.size() != partition.size() || to.size() != partition.size()) {
        throw new IllegalArgumentException("what was accepted has arrays of different lengths");
      }
      for (int i = 0; i < partition.size(); i++) {
        all.add(
            new Accepted(
                Math.toIntExact(integer(partition.get(i), "partition")),
                integer(from.get(i), "from"),
                integer(to.get(i), "to"),
                string(together, "at"),
                string(together, "by")));
      }
    }
    return all;
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
