package io.millrace.core.manifest;

import java.nio.ByteBuffer;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * An order-independent hash of a set of payloads: the sum, modulo 2^64, of the XXH64 (seed 0) of
 * each whole Kafka value, wire-format header included. A null value counts as an empty payload.
 * Sums of disjoint sets add up, so shards can be hashed apart.
 */
public final class PayloadHash {
  private static final XXHash64 XX = XXHashFactory.fastestJavaInstance().hash64();

  private PayloadHash() {}

  public static long of(byte[] payload, int offset, int length) {
    return XX.hash(payload, offset, length, 0);
  }

  /** Moves no position. */
  public static long of(ByteBuffer payload) {
    return XX.hash(payload, payload.position(), payload.remaining(), 0);
  }
}
