package io.millrace.lake.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the {@link Resolutions} that follow on others. Not thread-safe. */
public final class ResolutionsEditor {
  private final Resolutions base;

  /** Offsets of all dead letters, ascending, by partition. */
  private final Map<Integer, long[]> all;

  /** The place of each one's fate in {@link #fates}; -1 where it is open. */
  private final Map<Integer, int[]> places = new HashMap<>();

  private final List<Fate> fates;
  private final Map<Fate, Integer> placeOf = new HashMap<>();
  private boolean changed;

  /**
   * @param all offsets of all dead letters, ascending, by partition
   */
  public ResolutionsEditor(Resolutions base, SortedMap<Integer, long[]> all) {
    this.base = base;
    this.all = all;
    this.fates = new ArrayList<>(base.fates());
    for (int i = 0; i < fates.size(); i++) {
      placeOf.put(fates.get(i), i);
    }
    all.forEach(
        (partition, offsets) -> {
          long[] runs = base.letters().get(partition);
          places.put(
              partition,
              Arrays.stream(offsets).mapToInt(o -> Resolutions.place(runs, o)).toArray());
        });
  }

  /** Says what becomes of a dead letter. */
  public void set(int partition, long offset, Fate fate) {
    Integer place = placeOf.get(fate);
    if (place == null) {
      place = fates.size();
      fates.add(fate);
      placeOf.put(fate, place);
    }
    put(partition, offset, place);
  }

  /** Says that nothing has become of a dead letter. */
  public void clear(int partition, long offset) {
    put(partition, offset, -1);
  }

  private void put(int partition, long offset, int place) {
    int index = Arrays.binarySearch(all.getOrDefault(partition, new long[0]), offset);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Partition %d, offset %d is no dead letter".formatted(partition, offset));
    }
    int[] ofPartition = places.get(partition);
    changed |= ofPartition[index] != place;
    ofPartition[index] = place;
  }

  /** Whether anything is other than it was. */
  public boolean changed() {
    return changed;
  }

  public Resolutions build(String owner, String attempt) {
    int[] newPlaces = new int[fates.size()];
    List<Fate> used = used(newPlaces);
    SortedMap<Integer, long[]> letters = new TreeMap<>();
    long[] counts = new long[Fate.Kind.values().length];
    all.forEach(
        (partition, offsets) -> {
          long[] runs = runs(offsets, places.get(partition), newPlaces);
          for (int i = 0; i < runs.length; i += Resolutions.RUN) {
            counts[used.get((int) runs[i + 3]).kind().ordinal()] += runs[i + 2];
          }
          if (runs.length > 0) {
            letters.put(partition, runs);
          }
        });
    return new Resolutions(
        Resolutions.FORMAT,
        base.stream(),
        base.sequence() + 1,
        attempt,
        owner,
        counts[Fate.Kind.REDRIVEN.ordinal()],
        counts[Fate.Kind.DISCARDED.ordinal()],
        null,
        used,
        letters);
  }

  /** The fates that any has, and where each of them is then. */
  private List<Fate> used(int[] newPlaces) {
    boolean[] isUsed = new boolean[fates.size()];
    for (int[] ofPartition : places.values()) {
      for (int place : ofPartition) {
        if (place >= 0) {
          isUsed[place] = true;
        }
      }
    }
    List<Fate> used = new ArrayList<>();
    for (int i = 0; i < isUsed.length; i++) {
      newPlaces[i] = used.size();
      if (isUsed[i]) {
        used.add(fates.get(i));
      }
    }
    return used;
  }

  private static long[] runs(long[] offsets, int[] places, int[] newPlaces) {
    long[] runs = new long[Resolutions.RUN];
    int length = 0;
    for (int i = 0; i < offsets.length; i++) {
      if (places[i] < 0) {
        continue;
      }
      if (i > 0 && places[i] == places[i - 1]) {
        runs[length - 3] = offsets[i];
        runs[length - 2]++;
        continue;
      }
      if (length == runs.length) {
        runs = Arrays.copyOf(runs, 2 * length);
      }
      runs[length] = offsets[i];
      runs[length + 1] = offsets[i];
      runs[length + 2] = 1;
      runs[length + 3] = newPlaces[places[i]];
      length += Resolutions.RUN;
    }
    return Arrays.copyOf(runs, length);
  }
}
