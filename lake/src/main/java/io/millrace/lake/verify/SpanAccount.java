package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import java.nio.ByteBuffer;

/** What Kafka delivered in the offsets that producers' manifests account for. One thread. */
final class SpanAccount {
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  final Manifest.Entry entry;

  /** Records with a null value. */
  long nulls;

  /** Sum of the payload hashes. */
  long hash;

  SpanAccount(Manifest.Entry entry) {
    this.entry = entry;
  }

  /** Takes a record's value; null for a null value. */
  void add(ByteBuffer value) {
    hash += PayloadHash.of(value == null ? EMPTY : value);
    nulls += value == null ? 1 : 0;
  }

  void clear() {
    nulls = 0;
    hash = 0;
  }
}
