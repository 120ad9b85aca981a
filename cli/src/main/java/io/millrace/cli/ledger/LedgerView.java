package io.millrace.cli.ledger;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.history.LedgerVersion;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A stream's ledger as people read it. Its fields are those of the JSON form.
 *
 * @param note why there is no ledger to show; null where there is one, and then nothing else is
 * @param time when the version was committed, ISO 8601
 * @param generation of the topic, from 1
 * @param closed generations of the topic that have ended, ascending
 * @param accepted losses that operators have accepted, of the partitions shown
 */
record LedgerView(
    String stream,
    String topic,
    String table,
    String note,
    String topicId,
    String clusterId,
    Integer generation,
    Long version,
    String time,
    Long epoch,
    String owner,
    Long sequence,
    List<Line> partitions,
    List<Accepted> accepted,
    List<Closed> closed) {

  /** A generation of the topic that has ended. */
  private record Closed(
      int generation,
      String topicId,
      String clusterId,
      List<Line> partitions,
      List<Accepted> accepted) {}

  /**
   * One partition's account, or the sum of all that are shown.
   *
   * @param partition null for the sum
   * @param first null for the sum, as is {@code next}
   */
  private record Line(
      Integer partition,
      Long first,
      Long next,
      long offsets,
      long rows,
      long nulls,
      long deadLetters,
      long filtered,
      long empty,
      long lost) {
    static Line of(Integer partition, PartitionEntry entry) {
      return new Line(
          partition,
          entry.first(),
          entry.next(),
          entry.next() - entry.first(),
          entry.rows(),
          entry.nulls(),
          entry.dead(),
          entry.filtered(),
          entry.empty(),
          entry.lost());
    }

    static Line sum(List<Line> lines) {
      return new Line(
          null,
          null,
          null,
          lines.stream().mapToLong(Line::offsets).sum(),
          lines.stream().mapToLong(Line::rows).sum(),
          lines.stream().mapToLong(Line::nulls).sum(),
          lines.stream().mapToLong(Line::deadLetters).sum(),
          lines.stream().mapToLong(Line::filtered).sum(),
          lines.stream().mapToLong(Line::empty).sum(),
          lines.stream().mapToLong(Line::lost).sum());
    }

    List<String> cells() {
      return List.of(
          partition == null ? "all" : number((long) partition),
          number(first),
          number(next),
          number(offsets),
          number(rows),
          number(nulls),
          number(deadLetters),
          number(filtered),
          number(empty),
          number(lost));
    }

    private static String number(Long value) {
      return value == null ? "" : String.format(Locale.ROOT, "%,d", value);
    }
  }

  static LedgerView none(StreamConfig stream, String note) {
    return new LedgerView(
        stream.name(),
        stream.topic(),
        stream.table(),
        note,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * @param only these partitions; all where it is empty
   */
  static LedgerView of(StreamConfig stream, LedgerVersion at, Set<Integer> only) {
    Ledger ledger = at.ledger();
    return new LedgerView(
        stream.name(),
        ledger.topic(),
        stream.table(),
        null,
        ledger.topicId(),
        ledger.clusterId(),
        ledger.generation(),
        at.version(),
        Instant.ofEpochMilli(at.millis()).toString(),
        ledger.epoch(),
        ledger.owner(),
        ledger.sequence(),
        lines(ledger, only),
        accepted(ledger, only),
        at.closed().stream()
            .map(
                closed ->
                    new Closed(
                        closed.generation(),
                        closed.topicId(),
                        closed.clusterId(),
                        lines(closed, only),
                        accepted(closed, only)))
            .toList());
  }

  private static List<Line> lines(Ledger ledger, Set<Integer> only) {
    List<Line> lines = new ArrayList<>();
    ledger
        .partitions()
        .forEach(
            (partition, entry) -> {
              if (only.isEmpty() || only.contains(partition)) {
                lines.add(Line.of(partition, entry));
              }
            });
    return lines;
  }

  private static List<Accepted> accepted(Ledger ledger, Set<Integer> only) {
    return ledger.accepted().stream()
        .filter(loss -> only.isEmpty() || only.contains(loss.partition()))
        .toList();
  }

  String toText() {
    if (note != null) {
      return "stream %s: %s (%s)%n".formatted(stream, note, table);
    }
    StringBuilder text = new StringBuilder();
    text.append("stream %s: topic %s in %s%n".formatted(stream, topic, table));
    text.append(
        "  version %d of %s, sequence %d, epoch %d, written by %s%n"
            .formatted(version, time, sequence, epoch, owner));
    if (!closed.isEmpty()) {
      text.append("  generation %d: %s%n".formatted(generation, source(topicId, clusterId)));
    }
    append(text, partitions, accepted);
    for (Closed ended : closed) {
      text.append(
          "  generation %d, which has ended: %s%n"
              .formatted(ended.generation(), source(ended.topicId(), ended.clusterId())));
      append(text, ended.partitions(), ended.accepted());
    }
    return text.toString();
  }

  private static String source(String topicId, String clusterId) {
    return "topic id %s, cluster %s".formatted(topicId, clusterId);
  }

  private static void append(StringBuilder text, List<Line> partitions, List<Accepted> accepted) {
    List<List<String>> table = new ArrayList<>();
    table.add(
        List.of(
            "partition",
            "first",
            "next",
            "offsets",
            "rows",
            "nulls",
            "dead letters",
            "filtered",
            "empty",
            "lost"));
    partitions.forEach(line -> table.add(line.cells()));
    if (partitions.size() > 1) {
      table.add(Line.sum(partitions).cells());
    }
    append(text, table);
    for (Accepted loss : accepted) {
      text.append(
          "  partition %d: offsets %d-%d (%,d) were accepted as lost at %s by %s%n"
              .formatted(
                  loss.partition(),
                  loss.from(),
                  loss.to() - 1,
                  loss.offsets(),
                  loss.at(),
                  loss.by()));
    }
  }

  /** In columns as wide as their widest cell, to the right. */
  private static void append(StringBuilder text, List<List<String>> table) {
    int[] widths = new int[table.get(0).size()];
    table.forEach(
        cells -> {
          for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
          }
        });
    for (List<String> cells : table) {
      for (int i = 0; i < widths.length; i++) {
        text.append("  ")
            .append(" ".repeat(widths[i] - cells.get(i).length()))
            .append(cells.get(i));
      }
      text.append(System.lineSeparator());
    }
  }
}
