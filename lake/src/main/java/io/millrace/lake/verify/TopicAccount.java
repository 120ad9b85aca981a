package io.millrace.lake.verify;

/**
 * What Kafka delivered from one partition in {@code [from, to)}. Filled by one thread.
 *
 * <p>{@code from} moves up where retention overtakes the reader; what was read below it is then
 * taken back by the caller.
 */
final class TopicAccount {
  /** First offset of the log when it was looked at. */
  final long logStart;

  /** Last stable offset, or log end, when it was looked at. */
  final long logEnd;

  final long from;
  final long to;

  /** Offsets delivered with a value. */
  final OffsetSet values = new OffsetSet();

  /** Records delivered with a null value. */
  long nulls;

  /** Set where retention removed part of {@code [from, to)} before it was read. */
  boolean overtaken;

  /** The manifest's offsets {@code [manifestFrom, manifestTo)}; empty without a manifest. */
  final long manifestFrom;

  final long manifestTo;

  /** Null values in the manifest's range. */
  long manifestNulls;

  /** Sum of the payload hashes in the manifest's range. */
  long manifestHash;

  TopicAccount(long logStart, long logEnd, long from, long to, long manifestFrom, long manifestTo) {
    this.logStart = logStart;
    this.logEnd = logEnd;
    this.from = from;
    this.to = to;
    this.manifestFrom = manifestFrom;
    this.manifestTo = manifestTo;
  }

  boolean inManifest(long offset) {
    return offset >= manifestFrom && offset < manifestTo;
  }

  long delivered() {
    return values.size() + nulls;
  }
}
