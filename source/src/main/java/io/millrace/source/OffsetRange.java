package io.millrace.source;

import org.apache.spark.sql.connector.read.InputPartition;

/**
 * Offsets of one partition that one task reads.
 *
 * @param from the first
 * @param to the one after the last
 */
record OffsetRange(int partition, long from, long to) implements InputPartition {
  long size() {
    return Math.max(0, to - from);
  }
}
