package io.millrace.lake.verify;

/** What Kafka delivered from one partition in {@code [from, to)}. Filled by one thread. */
final class TopicAccount {
  /** Last stable offset, or log end, when it was looked at. */
  final long logEnd;

  /** Never more than {@link #logEnd}. */
  final long to;

  /** The manifest's offsets {@code [manifestFrom, manifestTo)}; empty without a manifest. */
  final long manifestFrom;

  final long manifestTo;

  /** Offsets delivered with a value. */
  OffsetSet values = new OffsetSet();

  /** Records delivered with a null value. */
  long nulls;

  /** Null values in the manifest's range. */
  long manifestNulls;

  /** Sum of the payload hashes in the manifest's range. */
  long manifestHash;

  /** Sums of the decoded values. */
  ValueSums sums = new ValueSums();

  private long from;

  TopicAccount(long logEnd, long from, long to, long manifestFrom, long manifestTo) {
    this.logEnd = logEnd;
    this.to = Math.min(to, logEnd);
    this.from = Math.min(from, this.to);
    this.manifestFrom = manifestFrom;
    this.manifestTo = manifestTo;
  }

  /** Offsets below were not read. */
  long from() {
    return from;
  }

  /**
   * Starts again further up, because retention removed what was to be read next. All that was read
   * so far lay below.
   */
  void restart(long newFrom) {
    from = Math.min(newFrom, to);
    values = new OffsetSet();
    sums = new ValueSums();
    nulls = 0;
    manifestNulls = 0;
    manifestHash = 0;
  }

  boolean inManifest(long offset) {
    return offset >= manifestFrom && offset < manifestTo;
  }

  long delivered() {
    return values.size() + nulls;
  }
}
