package io.millrace.lake.verify;

/**
 * Offsets {@code [from, to)} of one partition whose values are to be looked at one by one.
 *
 * @param complete whether every record delivered there has a row and could be decoded and stored,
 *     so that the sums alone say that a value differs
 */
record Block(int partition, long from, long to, boolean complete) {
  OffsetRange range() {
    return new OffsetRange(from, to - 1);
  }
}
