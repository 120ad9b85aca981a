package io.millrace.producer;

import io.millrace.core.manifest.AckJournal;
import io.millrace.core.manifest.Manifest;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one Kafka producer was told about its records, per partition. Successes are written by that
 * producer's network thread only; other threads read the totals at any time, and the rest after
 * {@code flush()}, which orders their reads behind those writes. Failures may come from the sending
 * thread as well, so they are counted apart.
 */
final class Account {
  private final long[] acknowledged;
  private final long[] hashes;
  private final long[] firstOffsets;
  private final long[] lastOffsets;
  private final long[] unknown;
  private final Optional<AckJournal.Writer> journal;
  private final AtomicLong total = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param journal kept up to date, one record before the totals
   */
  Account(int partitions, Optional<AckJournal.Writer> journal) {
    this.journal = journal;
    acknowledged = new long[partitions];
    hashes = new long[partitions];
    firstOffsets = new long[partitions];
    lastOffsets = new long[partitions];
    unknown = new long[partitions];
    Arrays.fill(firstOffsets, -1);
    Arrays.fill(lastOffsets, -1);
  }

  void acknowledged(int partition, long offset, int size, long hash) {
    acknowledged[partition]++;
    hashes[partition] += hash;
    if (firstOffsets[partition] < 0) {
      firstOffsets[partition] = offset;
    }
    if (offset > lastOffsets[partition]) {
      lastOffsets[partition] = offset;
    }
    if (journal.isPresent()) {
      journal
          .get()
          .acknowledged(
              partition,
              acknowledged[partition],
              firstOffsets[partition],
              lastOffsets[partition],
              hashes[partition]);
    }
    total.setRelease(total.getPlain() + 1);
    bytes.setRelease(bytes.getPlain() + size);
  }

  void unknown(int partition) {
    synchronized (unknown) {
      unknown[partition]++;
      journal.ifPresent(writer -> writer.unknown(partition, unknown[partition]));
    }
  }

  long total() {
    return total.getAcquire();
  }

  long bytes() {
    return bytes.getAcquire();
  }

  Manifest toManifest(String topic, String topicId) {
    Manifest.Entry[] entries = new Manifest.Entry[acknowledged.length];
    synchronized (unknown) {
      Arrays.setAll(
          entries,
          p ->
              Manifest.Entry.of(
                  p, acknowledged[p], unknown[p], firstOffsets[p], lastOffsets[p], hashes[p]));
    }
    return new Manifest(
        Manifest.FORMAT,
        topic,
        topicId,
        Arrays.stream(entries).filter(e -> e.acknowledged() + e.unknown() > 0).toList());
  }
}
