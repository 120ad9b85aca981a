package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import java.util.List;

/** What Kafka delivered from one partition in {@code [from, to)}. Filled by one thread. */
final class TopicAccount {
  /** Where Kafka's log started when it was looked at. */
  final long logStart;

  /** Last stable offset, or log end, when it was looked at. */
  final long logEnd;

  /** Never more than {@link #logEnd}. */
  final long to;

  /** One for each span of the manifests, in their order; empty without a manifest. */
  final List<SpanAccount> spans;

  /** Offsets delivered with a value. */
  OffsetSet values = new OffsetSet();

  /** Records delivered with a null value. */
  long nulls;

  /** Sums of the decoded values. */
  ValueSums sums = new ValueSums();

  private long from;
  private int span;

  /**
   * @param from the first offset to be read, where the log still has it
   * @param acknowledged what the manifests account for, ascending and without overlap
   */
  TopicAccount(long logStart, long logEnd, long from, long to, List<Manifest.Entry> acknowledged) {
    this.logStart = logStart;
    this.logEnd = logEnd;
    this.to = Math.min(to, logEnd);
    this.from = Math.min(Math.max(from, logStart), this.to);
    this.spans = acknowledged.stream().map(SpanAccount::new).toList();
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
    span = 0;
    spans.forEach(SpanAccount::clear);
  }

  /** The manifests' span that an offset lies in, or null. Asked by ascending offsets only. */
  SpanAccount spanAt(long offset) {
    while (span < spans.size() && spans.get(span).entry.lastOffset() < offset) {
      span++;
    }
    return span < spans.size() && spans.get(span).entry.firstOffset() <= offset
        ? spans.get(span)
        : null;
  }

  long delivered() {
    return values.size() + nulls;
  }
}
