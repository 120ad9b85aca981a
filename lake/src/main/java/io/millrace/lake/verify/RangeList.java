package io.millrace.lake.verify;

import java.util.ArrayList;
import java.util.List;

/** The first few of many offsets, those that follow on each other as one range. */
final class RangeList {
  /** Enough to see a pattern, few enough to read. */
  static final int MOST = 10;

  private final List<OffsetRange> done = new ArrayList<>();
  private long from = -1;
  private long to = -1;

  /** Offsets come in ascending order; others start a new range. */
  void add(long offset) {
    if (from >= 0 && offset == to + 1) {
      to = offset;
    } else if (done.size() < MOST) {
      close();
      from = offset;
      to = offset;
    }
  }

  /** Whether a further range would not be kept. */
  boolean full() {
    return done.size() >= MOST;
  }

  List<OffsetRange> ranges() {
    List<OffsetRange> all = new ArrayList<>(done);
    if (from >= 0 && all.size() < MOST) {
      all.add(new OffsetRange(from, to));
    }
    return all;
  }

  private void close() {
    if (from >= 0) {
      done.add(new OffsetRange(from, to));
    }
  }
}
