package io.millrace.lake.verify;

/**
 * Offsets of one partition, both ends included.
 *
 * @param from the first offset
 * @param to the last offset
 */
public record OffsetRange(long from, long to) {
  @Override
  public String toString() {
    return from == to ? Long.toString(from) : from + "-" + to;
  }
}
