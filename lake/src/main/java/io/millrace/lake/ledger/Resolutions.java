package io.millrace.lake.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of a stream's dead letters, cumulative. A domain of the main table beside the ledger,
 * so that redrive and ingest don't stand in each other's way. Immutable; its components are the
 * fields of the JSON (docs/dead-letters.md).
 *
 * @param format 1
 * @param sequence number of the commit, from 1; 0 where nothing is committed yet
 * @param attempt random id of the commit attempt
 * @param owner the process, for people
 * @param redriven those that are rows of the main table by now
 * @param discarded those given up, by reason; none of them is redriven, none is in two of them
 */
public record Resolutions(
    int format,
    String stream,
    long sequence,
    String attempt,
    String owner,
    LetterSet redriven,
    List<Discard> discarded) {
  private static final int FORMAT = 1;

  /** Each commit of the table repeats them in its checksum file: some 500 KB. */
  private static final int MOST_RANGES = 20_000;

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * Dead letters given up for one reason.
   *
   * @param at when the last of them were, as in ISO 8601
   */
  public record Discard(String reason, String at, LetterSet letters) {
    public Discard {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(letters, "letters");
    }
  }

  public Resolutions {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(attempt, "attempt");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(redriven, "redriven");
    discarded = List.copyOf(discarded);
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is at least 0, not " + sequence);
    }
  }

  /** Nothing has become of any. */
  public static Resolutions none(String stream) {
    return new Resolutions(FORMAT, stream, 0, "", "", LetterSet.EMPTY, List.of());
  }

  /** Whether a dead letter is neither redriven nor discarded. */
  public boolean isOpen(int partition, long offset) {
    return !redriven.contains(partition, offset) && discard(partition, offset).isEmpty();
  }

  /** Why a dead letter was given up; empty where it was not. */
  public Optional<Discard> discard(int partition, long offset) {
    return discarded.stream().filter(d -> d.letters.contains(partition, offset)).findFirst();
  }

  public long discardedCount() {
    return discarded.stream().mapToLong(d -> d.letters.count()).sum();
  }

  /**
   * After open dead letters have become rows.
   *
   * @param all offsets of all dead letters, ascending, by partition
   */
  public Resolutions redrive(
      Map<Integer, long[]> all, LetterSet.Letters more, String newOwner, String newAttempt) {
    LetterSet now = LetterSet.of(all, (p, o) -> redriven.contains(p, o) || more.contains(p, o));
    return next(now, discarded, newOwner, newAttempt);
  }

  /** After open dead letters were given up; see {@link #redrive}. */
  public Resolutions discard(
      Map<Integer, long[]> all,
      LetterSet.Letters more,
      String reason,
      Instant at,
      String newOwner,
      String newAttempt) {
    List<Discard> now = new ArrayList<>();
    LetterSet before = LetterSet.EMPTY;
    for (Discard discard : discarded) {
      if (discard.reason.equals(reason)) {
        before = discard.letters;
      } else {
        now.add(discard);
      }
    }
    LetterSet same = before;
    now.add(
        new Discard(
            reason,
            at.toString(),
            LetterSet.of(all, (p, o) -> same.contains(p, o) || more.contains(p, o))));
    return next(redriven, now, newOwner, newAttempt);
  }

  private Resolutions next(
      LetterSet newRedriven, List<Discard> newDiscarded, String newOwner, String newAttempt) {
    int ranges =
        newRedriven.ranges() + newDiscarded.stream().mapToInt(d -> d.letters.ranges()).sum();
    if (ranges > MOST_RANGES) {
      throw new MillraceException(
          ExitCode.PROTECTED,
          "What becomes of these dead letters of stream %s can't be noted".formatted(stream),
          "they would be %d ranges of dead letters, at most %d are kept with the table"
              .formatted(ranges, MOST_RANGES),
          "Choose fewer, or such that follow on each other: by time or partition; nothing was"
              + " changed");
    }
    return new Resolutions(
        FORMAT, stream, sequence + 1, newAttempt, newOwner, newRedriven, newDiscarded);
  }

  /**
   * What keeps these from being the next ones after {@code earlier}, in words; empty where nothing
   * does.
   */
  public Optional<String> contradiction(Resolutions earlier) {
    if (sequence != earlier.sequence + 1) {
      return Optional.of(
          "its sequence is %d where %d must follow".formatted(sequence, earlier.sequence + 1));
    }
    if (redriven.count() < earlier.redriven.count()
        || discardedCount() < earlier.discardedCount()) {
      return Optional.of(
          "redriven and discarded fell from %d and %d to %d and %d"
              .formatted(
                  earlier.redriven.count(),
                  earlier.discardedCount(),
                  redriven.count(),
                  discardedCount()));
    }
    return Optional.empty();
  }

  /** Those of one partition that were given up, a set for each reason. */
  public List<LetterSet.Part> discardedOf(int partition) {
    return discarded.stream()
        .map(d -> d.letters.partitions().get(partition))
        .filter(Objects::nonNull)
        .toList();
  }

  /** Partitions of which any dead letter is redriven or discarded. */
  public Iterable<Integer> partitions() {
    TreeMap<Integer, Boolean> all = new TreeMap<>();
    redriven.partitions().keySet().forEach(p -> all.put(p, true));
    discarded.forEach(d -> d.letters.partitions().keySet().forEach(p -> all.put(p, true)));
    return all.keySet();
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

  private static MillraceException unreadable(String reason, String remedy, Exception cause) {
    return new MillraceException(
        ExitCode.PROTECTED,
        "The table's note of redriven dead letters can't be read",
        reason,
        remedy,
        cause);
  }
}
