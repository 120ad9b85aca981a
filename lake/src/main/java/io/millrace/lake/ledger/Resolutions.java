package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a stream's dead letters, cumulative. A domain of the main table beside the ledger,
 * so that redrive and ingest don't stand in each other's way. Immutable; its components are the
 * fields of the JSON (docs/ledger.md).
 *
 * <p>Dead letters that follow on each other and share their fate are one run: its first and last
 * offset mean all dead letters between them, whatever rows lie there. That is exact, because the
 * dead letters below a ledger's {@code next} never change.
 *
 * @param format 1
 * @param sequence number of the commit, from 1; 0 where nothing is committed yet
 * @param attempt random id of the commit attempt
 * @param owner the process, for people
 * @param redriven how many are rows of the main table by now
 * @param discarded how many were given up
 * @param file null where all is here; else what holds {@code fates} and {@code letters}, which are
 *     empty here then
 * @param letters by Kafka partition, runs of four numbers: first offset, last offset, how many dead
 *     letters, and the place of their fate in {@code fates}; ascending
 */
public record Resolutions(
    int format,
    String stream,
    long sequence,
    String attempt,
    String owner,
    long redriven,
    long discarded,
    String file,
    List<Fate> fates,
    SortedMap<Integer, long[]> letters) {
  static final int FORMAT = 1;

  /** Numbers of a run. */
  static final int RUN = 4;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Gets one run after another. */
  @FunctionalInterface
  public interface RunTaker {
    void take(long first, long last, long count, Fate fate);
  }

  public Resolutions {
    Objects.requireNonNull(stream, "stream");
    attempt = Objects.requireNonNullElse(attempt, "");
    owner = Objects.requireNonNullElse(owner, "");
    fates = fates == null ? List.of() : List.copyOf(fates);
    letters = Collections.unmodifiableSortedMap(letters == null ? new TreeMap<>() : letters);
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is at least 0, not " + sequence);
    }
    if (file == null) {
      requireSums(redriven, discarded, fates, letters);
    }
  }

  private static void requireSums(
      long redriven, long discarded, List<Fate> fates, SortedMap<Integer, long[]> letters) {
    long[] counts = new long[Fate.Kind.values().length];
    for (Map.Entry<Integer, long[]> part : letters.entrySet()) {
      long[] runs = part.getValue();
      long before = -1;
      for (int i = 0; i < runs.length; i += RUN) {
        boolean whole = i + RUN <= runs.length;
        long span = whole ? runs[i + 1] - runs[i] + 1 : 0;
        if (!whole
            || runs[i] <= before
            || runs[i + 2] < Math.min(span, 2)
            || runs[i + 2] > span
            || span < 1
            || runs[i + 3] < 0
            || runs[i + 3] >= fates.size()) {
          throw new IllegalArgumentException(
              "run %d of partition %d is none".formatted(i / RUN, part.getKey()));
        }
        before = runs[i + 1];
        counts[fates.get((int) runs[i + 3]).kind().ordinal()] += runs[i + 2];
      }
    }
    if (counts[Fate.Kind.REDRIVEN.ordinal()] != redriven
        || counts[Fate.Kind.DISCARDED.ordinal()] != discarded) {
      throw new IllegalArgumentException(
          "redriven and discarded are %d and %d, the runs say %d and %d"
              .formatted(
                  redriven,
                  discarded,
                  counts[Fate.Kind.REDRIVEN.ordinal()],
                  counts[Fate.Kind.DISCARDED.ordinal()]));
    }
  }

  /** Nothing has become of any. */
  public static Resolutions none(String stream) {
    return new Resolutions(FORMAT, stream, 0, "", "", 0, 0, null, List.of(), new TreeMap<>());
  }

  /** What became of a dead letter; says nothing of offsets that are none. */
  public Optional<Fate> fate(int partition, long offset) {
    int place = place(letters.get(partition), offset);
    return place < 0 ? Optional.empty() : Optional.of(fates.get(place));
  }

  /** The place of the fate of the run that an offset lies in; -1 where it lies in none. */
  static int place(long[] runs, long offset) {
    int low = 0;
    int high = runs == null ? -1 : runs.length / RUN - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (runs[middle * RUN] > offset) {
        high = middle - 1;
      } else if (runs[middle * RUN + 1] < offset) {
        low = middle + 1;
      } else {
        return (int) runs[middle * RUN + 3];
      }
    }
    return -1;
  }

  /** Hands over the runs of one partition. */
  public void runs(int partition, RunTaker taker) {
    long[] runs = letters.getOrDefault(partition, new long[0]);
    for (int i = 0; i < runs.length; i += RUN) {
      taker.take(runs[i], runs[i + 1], runs[i + 2], fates.get((int) runs[i + 3]));
    }
  }

  /** Whether a commit attempt has decided what became of any. */
  public boolean has(String someAttempt) {
    return fates.stream().anyMatch(fate -> fate.attempt().equals(someAttempt));
  }

  /**
   * What keeps these from being the next ones after {@code earlier}, in words; empty where nothing
   * does. Looks at the numbers only.
   */
  public Optional<String> contradiction(Resolutions earlier) {
    if (sequence != earlier.sequence + 1) {
      return Optional.of(
          "its sequence is %d where %d must follow".formatted(sequence, earlier.sequence + 1));
    }
    // Discarded ones may be redriven, redriven ones stay so.
    if (redriven < earlier.redriven
        || redriven + discarded < earlier.redriven + earlier.discarded) {
      return Optional.of(
          "redriven and discarded fell from %d and %d to %d and %d"
              .formatted(earlier.redriven, earlier.discarded, redriven, discarded));
    }
    return Optional.empty();
  }

  /** These again, as the next ones after what was noted before a RESTORE took it back. */
  public Resolutions restoredAfter(Resolutions withdrawn, String newAttempt, String newOwner) {
    return new Resolutions(
        format,
        stream,
        withdrawn.sequence + 1,
        newAttempt,
        newOwner,
        redriven,
        discarded,
        null,
        fates,
        letters);
  }

  /** The same, but for what is in a file of that name. */
  public Resolutions keptIn(String name) {
    return new Resolutions(
        format,
        stream,
        sequence,
        attempt,
        owner,
        redriven,
        discarded,
        name,
        List.of(),
        new TreeMap<>());
  }

  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of texts and numbers can be written", e);
    }
  }

  /**
   * @throws MillraceException {@code PROTECTED} where the text is none, or of a format that this
   *     version does not know
   */
  public static Resolutions fromJson(String json) {
    Resolutions read;
    try {
      read = JSON.readValue(json, Resolutions.class);
    } catch (JsonProcessingException e) {
      throw unreadable(
          e.getOriginalMessage(), "It was edited or damaged: restore the table's _delta_log", e);
    }
    if (read.format != FORMAT) {
      throw unreadable(
          "it has format %d, this version of Millrace knows format %d"
              .formatted(read.format, FORMAT),
          "Use the version of Millrace that wrote the table, or a newer one",
          null);
    }
    return read;
  }

  /** The error for a note that can't be read. */
  public static MillraceException unreadable(String reason, String remedy, Exception cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The table's note of redriven dead letters can't be read",
        reason,
        remedy,
        cause);
  }
}
