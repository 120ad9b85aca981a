package io.millrace.core.config;

/** What to do with a record whose value is null (a tombstone of a compacted topic). */
public enum NullValues {
  /** No row; counted in the ledger. */
  SKIP,
  /** Stop the stream before the batch is committed. */
  FAIL
}
