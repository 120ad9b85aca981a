package io.millrace.cli.dlq;

import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.deadletter.DeadLetterFilter;
import io.millrace.lake.deadletter.DeadLetterView;
import io.millrace.lake.ledger.Fate;
import io.millrace.lake.ledger.Resolutions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One stream's dead letters that were asked for. Its fields are those of the JSON form.
 *
 * @param deadLetters how many match
 * @param classes those by error class
 * @param shown the first of them by partition and offset
 */
record DeadLetterList(String stream, long deadLetters, List<ErrorCount> classes, List<Line> shown) {

  private static final String OPEN = "open";

  /**
   * An error class.
   *
   * @param first the earliest timestamp
   * @param last the latest timestamp
   */
  record ErrorCount(String errorClass, long deadLetters, String first, String last) {}

  /**
   * A dead letter.
   *
   * @param schemaId null where it has none
   * @param state open, or what became of it, when, by whom and why
   */
  record Line(
      int partition,
      long offset,
      String timestamp,
      Integer schemaId,
      String errorClass,
      String message,
      String state) {
    static Line of(DeadLetterEntry entry, String state) {
      return new Line(
          entry.partition(),
          entry.offset(),
          time(entry.timestampMillis()),
          entry.schemaId(),
          entry.errorClass(),
          entry.message(),
          state);
    }
  }

  private static final class Tally {
    long count;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
  }

  /**
   * Reads them, holding no more than those shown.
   *
   * @param all redriven and discarded ones, too
   * @param most how many to show
   */
  static DeadLetterList read(
      String stream, DeadLetterView view, DeadLetterFilter filter, boolean all, int most) {
    Resolutions resolutions = view.resolutions();
    SortedMap<String, Tally> tallies = new TreeMap<>();
    PriorityQueue<DeadLetterEntry> first = new PriorityQueue<>(Comparator.reverseOrder());
    view.entries(
        e -> wanted(e.by(fate(resolutions, e)), fate(resolutions, e), filter, all),
        found -> {
          DeadLetterEntry entry = found.by(fate(resolutions, found));
          Tally tally = tallies.computeIfAbsent(entry.errorClass(), name -> new Tally());
          tally.count++;
          tally.first = Math.min(tally.first, entry.timestampMillis());
          tally.last = Math.max(tally.last, entry.timestampMillis());
          first.add(entry);
          if (first.size() > most) {
            first.remove();
          }
        });
    List<ErrorCount> classes = new ArrayList<>();
    tallies.forEach(
        (name, tally) ->
            classes.add(new ErrorCount(name, tally.count, time(tally.first), time(tally.last))));
    return new DeadLetterList(
        stream,
        classes.stream().mapToLong(ErrorCount::deadLetters).sum(),
        classes,
        first.stream().sorted().map(e -> Line.of(e, state(resolutions, e))).toList());
  }

  private static Optional<Fate> fate(Resolutions resolutions, DeadLetterEntry entry) {
    return resolutions.fate(entry.partition(), entry.offset());
  }

  private static boolean wanted(
      DeadLetterEntry entry, Optional<Fate> fate, DeadLetterFilter filter, boolean all) {
    return filter.matches(entry)
        && (all || fate.isEmpty() || fate.get().kind() == Fate.Kind.STAYED);
  }

  /** What became of a dead letter, in words. */
  static String state(Resolutions resolutions, DeadLetterEntry entry) {
    return fate(resolutions, entry)
        .map(
            fate ->
                switch (fate.kind()) {
                  case REDRIVEN -> "redriven " + when(fate);
                  case DISCARDED -> "discarded " + when(fate) + ": " + fate.reason();
                  case STAYED -> OPEN + ", tried again " + when(fate);
                })
        .orElse(OPEN);
  }

  private static String when(Fate fate) {
    return fate.at() + " by " + fate.by();
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /** A line for each shown, and one for each class. */
  String toText() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "stream %s: %,d dead letters%n", stream, deadLetters));
    for (Line line : shown) {
      text.append(
          "  partition %d offset %d  %s  %s  %s  %s%s%n"
              .formatted(
                  line.partition,
                  line.offset,
                  line.timestamp,
                  line.schemaId == null ? "no schema id" : "schema id " + line.schemaId,
                  line.errorClass,
                  Printable.line(line.message),
                  line.state.equals(OPEN) ? "" : " (" + Printable.line(line.state) + ")"));
    }
    if (deadLetters > shown.size()) {
      text.append(
          String.format(Locale.ROOT, "  and %,d more: see --limit%n", deadLetters - shown.size()));
    }
    for (ErrorCount one : classes) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %,d %s, from %s to %s%n",
              one.deadLetters,
              one.errorClass,
              one.first,
              one.last));
    }
    return text.toString();
  }
}
