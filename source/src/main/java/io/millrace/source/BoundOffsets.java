package io.millrace.source;

import io.millrace.core.error.MillraceException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns where a read begins or ends into an offset for each partition. */
final class BoundOffsets {
  private final TopicAdmin admin;
  private final SourceOptions options;

  BoundOffsets(TopicAdmin admin, SourceOptions options) {
    this.admin = admin;
    this.options = options;
  }

  SortedMap<Integer, Long> starting(Bound bound) {
    return offsets(bound, "starting", options.latestWithoutTimestamp());
  }

  SortedMap<Integer, Long> ending(Bound bound) {
    return offsets(bound, "ending", true);
  }

  private SortedMap<Integer, Long> offsets(Bound bound, String side, boolean latestWithoutTime) {
    if (bound instanceof Bound.Offsets offsets) {
      return given(offsets.byPartition(), side + "Offsets");
    }
    if (bound instanceof Bound.Time time) {
      return orLatest(admin.at(p -> time.millis()), side + "Timestamp", latestWithoutTime);
    }
    if (bound instanceof Bound.Times times) {
      String option = side + "OffsetsByTimestamp";
      requireAll(times.byPartition().keySet(), option);
      return orLatest(admin.at(times.byPartition()::get), option, latestWithoutTime);
    }
    return bound instanceof Bound.Earliest ? admin.earliest() : admin.latest();
  }

  private SortedMap<Integer, Long> given(SortedMap<Integer, Long> offsets, String option) {
    requireAll(offsets.keySet(), option);
    SortedMap<Integer, Long> resolved = new TreeMap<>(offsets);
    if (offsets.containsValue(Bound.EARLIEST)) {
      admin.earliest().forEach((p, offset) -> resolved.replace(p, Bound.EARLIEST, offset));
    }
    if (offsets.containsValue(Bound.LATEST)) {
      admin.latest().forEach((p, offset) -> resolved.replace(p, Bound.LATEST, offset));
    }
    resolved.forEach(
        (p, offset) -> {
          if (offset < 0) {
            throw wrong(option, "partition %d has %d".formatted(p, offset));
          }
        });
    return resolved;
  }

  private void requireAll(Set<Integer> named, String option) {
    Set<Integer> there = admin.latest().keySet();
    if (!there.equals(named)) {
      throw wrong(option, "it names partitions %s, and the topic has %s".formatted(named, there));
    }
  }

  private SortedMap<Integer, Long> orLatest(
      SortedMap<Integer, Long> found, String option, boolean latest) {
    if (found.values().stream().noneMatch(offset -> offset < 0)) {
      return found;
    }
    if (!latest) {
      throw SourceErrors.usage(
          "Option '" + option + "' of format millrace can't be followed",
          "no record of topic %s has that time or a later one in a partition of %s"
              .formatted(options.topic(), found),
          "Choose an earlier time, or set startingOffsetsByTimestampStrategy to latest to start"
              + " such partitions at their ends",
          null);
    }
    SortedMap<Integer, Long> ends = admin.latest();
    found.replaceAll((p, offset) -> offset < 0 ? ends.get(p) : offset);
    return found;
  }

  private MillraceException wrong(String option, String reason) {
    return SourceErrors.usage(
        "Option '" + option + "' of format millrace does not fit topic " + options.topic(),
        reason,
        "Give each partition an offset, -2 for its start or -1 for its end",
        null);
  }
}
