package io.millrace.core.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.JsonErrors;
import io.millrace.core.error.MillraceException;
import io.millrace.core.json.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a producer knows that the broker acknowledged; the file behind {@code --manifest}. What
 * several producers account for together: {@link #merge}, {@link #spans}.
 *
 * @param format version of this file's layout, 1
 * @param topic name of the topic
 * @param topicId Kafka's id of the topic, as Kafka prints it
 * @param partitions ascending by partition; only those that were sent to
 */
public record Manifest(int format, String topic, String topicId, List<Entry> partitions) {
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  /**
   * One partition's account.
   *
   * @param acknowledged records the broker acknowledged
   * @param unknown records whose delivery failed on our side: they may or may not be in the log
   * @param firstOffset lowest acknowledged offset, -1 where there is none
   * @param lastOffset highest acknowledged offset, -1 where there is none
   * @param hash {@link PayloadHash} of the acknowledged values, 16 hex digits
   */
  public record Entry(
      int partition,
      long acknowledged,
      long unknown,
      long firstOffset,
      long lastOffset,
      String hash) {

    /** As a producer counts: nothing below 0, offsets wherever records were acknowledged. */
    public Entry {
      String where = "partition " + partition + ": ";
      require(partition >= 0, "the partition " + partition + " is below 0");
      require(acknowledged >= 0, where + "acknowledged is " + acknowledged);
      require(unknown >= 0, where + "unknown is " + unknown);
      require(
          firstOffset >= -1 && lastOffset >= firstOffset,
          where + "the offsets are " + firstOffset + " to " + lastOffset);
      require(
          hash != null && hash.matches("[0-9a-f]{16}"),
          where + "hash is " + hash + ", not 16 hex digits");
    }

    /** {@link #hash} as a number. */
    public long hashValue() {
      return Long.parseUnsignedLong(hash, 16);
    }

    /** An entry with its hash as a number. */
    public static Entry of(
        int partition,
        long acknowledged,
        long unknown,
        long firstOffset,
        long lastOffset,
        long hash) {
      return new Entry(
          partition, acknowledged, unknown, firstOffset, lastOffset, String.format("%016x", hash));
    }

    private Entry plus(Entry other) {
      return of(
          partition,
          acknowledged + other.acknowledged,
          unknown + other.unknown,
          firstOffset < 0
              ? other.firstOffset
              : other.firstOffset < 0 ? firstOffset : Math.min(firstOffset, other.firstOffset),
          Math.max(lastOffset, other.lastOffset),
          hashValue() + other.hashValue());
    }

    private Entry withUnknown(long all) {
      return new Entry(partition, acknowledged, all, firstOffset, lastOffset, hash);
    }
  }

  public Manifest {
    require(format == FORMAT, "format is " + format + ", known is " + FORMAT);
    require(topic != null && topicId != null, "topic or topicId is missing");
    require(
        partitions != null && partitions.stream().allMatch(Objects::nonNull),
        "partitions are missing");
    long different = partitions.stream().mapToInt(Entry::partition).distinct().count();
    require(different == partitions.size(), "a partition is there twice");
    partitions = partitions.stream().sorted(Comparator.comparingInt(Entry::partition)).toList();
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** One account for producers that ran at the same time; all of the same topic, by name and id. */
  public static Manifest merge(List<Manifest> manifests) {
    requireOneTopic(manifests);
    TreeMap<Integer, Entry> merged = new TreeMap<>();
    for (Manifest manifest : manifests) {
      manifest.partitions.forEach(e -> merged.merge(e.partition, e, Entry::plus));
    }
    Manifest first = manifests.get(0);
    return new Manifest(FORMAT, first.topic, first.topicId, List.copyOf(merged.values()));
  }

  /**
   * What several manifests of one topic account for, by partition: entries ascending by offset,
   * whose offsets don't overlap. Entries that did overlap, of producers that ran at the same time,
   * are one; those of one after the other stay apart, since records of somebody else may lie
   * between them. {@code unknown} of each is that of its whole partition: such records may lie
   * anywhere.
   *
   * @throws MillraceException where they are not all of the same topic, by name and id
   */
  public static SortedMap<Integer, List<Entry>> spans(List<Manifest> manifests) {
    requireOneTopic(manifests);
    TreeMap<Integer, List<Entry>> byPartition = new TreeMap<>();
    for (Manifest manifest : manifests) {
      for (Entry entry : manifest.partitions) {
        byPartition.computeIfAbsent(entry.partition, p -> new ArrayList<>()).add(entry);
      }
    }
    byPartition.replaceAll((partition, entries) -> spansOf(entries));
    return byPartition;
  }

  private static List<Entry> spansOf(List<Entry> entries) {
    long unknown = entries.stream().mapToLong(Entry::unknown).sum();
    List<Entry> spans = new ArrayList<>();
    entries.stream()
        .filter(entry -> entry.acknowledged > 0)
        .sorted(Comparator.comparingLong(Entry::firstOffset))
        .forEach(
            entry -> {
              int last = spans.size() - 1;
              if (last >= 0 && entry.firstOffset <= spans.get(last).lastOffset) {
                spans.set(last, spans.get(last).plus(entry));
              } else {
                spans.add(entry);
              }
            });
    spans.replaceAll(span -> span.withUnknown(unknown));
    return spans;
  }

  private static void requireOneTopic(List<Manifest> manifests) {
    for (Manifest manifest : manifests) {
      Manifest first = manifests.get(0);
      if (!manifest.topic.equals(first.topic) || !manifest.topicId.equals(first.topicId)) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The manifests don't belong together",
            "one is of topic %s (%s), another of %s (%s)"
                .formatted(first.topic, first.topicId, manifest.topic, manifest.topicId),
            "Give the manifests of one topic");
      }
    }
  }

  /**
   * Reads what producers wrote, each file once.
   *
   * @throws MillraceException where one is no manifest, or says the same as another
   */
  public static List<Manifest> readAll(List<Path> files) {
    Map<Manifest, Path> read = new LinkedHashMap<>();
    List<Manifest> manifests = new ArrayList<>();
    for (Path file : files) {
      Manifest manifest = read(file);
      Path same = read.put(manifest, file);
      // No two producers were acknowledged the same offsets, but two may have sent nothing.
      if (same != null && manifest.partitions.stream().anyMatch(e -> e.acknowledged > 0)) {
        throw new MillraceException(
            ExitCode.USAGE,
            "The manifest " + file + " is there twice",
            "it says the same as " + same + ", and its records would be expected twice",
            "Give each manifest once");
      }
      manifests.add(manifest);
    }
    return manifests;
  }

  /**
   * Reads what a producer wrote, as manifest or as journal.
   *
   * @throws MillraceException where it is no manifest
   */
  public static Manifest read(Path file) {
    try {
      return AckJournal.isOne(file)
          ? AckJournal.read(file)
          : JSON.readValue(file.toFile(), Manifest.class);
    } catch (ValueInstantiationException e) {
      throw unreadable(file, "it is no manifest: " + e.getCause().getMessage(), e);
    } catch (JsonMappingException e) {
      throw unreadable(file, "it is no manifest: other fields or values are there than needed", e);
    } catch (JsonProcessingException e) {
      throw unreadable(file, "it is not JSON: " + JsonErrors.reason(e), e);
    } catch (IOException e) {
      throw unreadable(file, FileErrors.reason(e), e);
    }
  }

  private static MillraceException unreadable(Path file, String reason, IOException e) {
    return new MillraceException(
        ExitCode.USAGE,
        "The manifest " + file + " can't be used",
        reason,
        "Give a file that millrace produce wrote with --manifest or --acknowledged",
        e);
  }

  /** The file behind {@code --manifest}. */
  public static JsonFile file(Path path) {
    return new JsonFile("manifest", path);
  }

  public void write(Path file) {
    file(file).write(this);
  }
}
