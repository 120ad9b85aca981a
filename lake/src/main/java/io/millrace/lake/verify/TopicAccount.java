package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

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

  /** Offsets that are dead letters by their table; never changed here. */
  final OffsetSet dead;

  /** Those of them that are rows by now; never changed here. */
  private final OffsetSet redriven;

  /** Those of {@link #dead} that were delivered. */
  OffsetSet deadDelivered = new OffsetSet();

  /** Those of them that were delivered with a value. */
  OffsetSet deadValues = new OffsetSet();

  /** Hashes of the records delivered that are dead letters. */
  WordSums deadSums = new WordSums();

  /** Sums of the decoded values of the others. */
  ValueSums sums = new ValueSums();

  /** Those of {@link #dead} that failed in the stream's SQL, by their table; never changed here. */
  final OffsetSet failedInSql;

  private long from;
  private int span;

  /** Null where no SQL was evaluated. */
  private SqlAccount sql;

  /**
   * @param from the first offset to be read, where the log still has it
   * @param acknowledged what the manifests account for, ascending and without overlap
   * @param dead the dead letters
   */
  TopicAccount(
      long logStart,
      long logEnd,
      long from,
      long to,
      List<Manifest.Entry> acknowledged,
      DeadAccount dead) {
    this.dead = dead.rows.offsets;
    this.redriven = dead.redriven;
    this.failedInSql = dead.failedInSql;
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
    sql = null;
    nulls = 0;
    deadDelivered = new OffsetSet();
    deadValues = new OffsetSet();
    deadSums = new WordSums();
    span = 0;
    spans.forEach(SpanAccount::clear);
  }

  /** Whether no record's key, headers or value is compared with anything. */
  boolean wantsOffsetsOnly() {
    return dead.size() == 0 && spans.isEmpty();
  }

  /** Enters records with values at all offsets in {@code [fromOffset, toOffset)}, if any. */
  void addValues(long fromOffset, long toOffset) {
    if (fromOffset < toOffset && !values.addRun(fromOffset, toOffset)) {
      for (long offset = fromOffset; offset < toOffset; offset++) {
        values.add(offset);
      }
    }
  }

  /** Enters a record that is a dead letter, after its value or null was counted. */
  void addDead(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    long headers = DeadAccount.NO_HEADERS;
    for (Header header : record.headers()) {
      headers = DeadAccount.header(headers, header.key(), header.value());
    }
    deadDelivered.add(record.offset());
    if (record.value() != null) {
      deadValues.add(record.offset());
    }
    deadSums.add(
        record.offset(),
        DeadAccount.hash(
            record.partition(),
            record.offset(),
            DeadAccount.micros(record.timestamp()),
            record.key() == null ? null : FlatValues.bytes(record.key()),
            record.value() == null ? null : FlatValues.bytes(record.value()),
            headers));
  }

  /** Whether a record of this offset has a row, if it has a value. */
  boolean mayBeRow(long offset) {
    return !dead.contains(offset) || redriven.contains(offset);
  }

  /**
   * Whether the offset's row is compared: it was delivered with a value and is no dead letter, or a
   * redriven one, and a SQL is known that makes a row of it.
   */
  boolean isRow(long offset) {
    return values.contains(offset)
        && mayBeRow(offset)
        && (sql == null || !sql.apart.contains(offset));
  }

  /** What the stream's SQL makes of the records; made when it is first asked for. */
  SqlAccount sql() {
    if (sql == null) {
      sql = new SqlAccount();
    }
    return sql;
  }

  /** Whether a SQL was evaluated; where it made rows of all, nothing else is known of it. */
  boolean hasSql() {
    return sql != null;
  }

  /** Takes back what a SQL was found to make of the records: nothing is known of them. */
  void forgetSql() {
    sql = SqlAccount.silent(values);
    sums = new ValueSums();
  }

  /** Null values delivered that are no dead letters. */
  long skippedNulls() {
    return nulls - (deadDelivered.size() - deadValues.size());
  }

  /** How many offsets in {@code [from, to)} should have a row and have none. */
  long lacking(OffsetSet rows, long from, long to) {
    // What is dead is part of what was delivered, so counts can be taken from each other.
    OffsetSet redrivenValues = new OffsetSet();
    redriven.forEach(
        from,
        to,
        offset -> {
          if (deadValues.contains(offset)) {
            redrivenValues.add(offset);
          }
        });
    return values.minus(rows, from, to, null)
        - deadValues.minus(rows, from, to, null)
        + redrivenValues.minus(rows, from, to, null)
        - (sql == null ? 0 : sql.apart.minus(rows, from, to, null));
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
