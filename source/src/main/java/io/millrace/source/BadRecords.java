package io.millrace.source;

/** What to do with a record that is no row. */
enum BadRecords {
  /** End the read with an error that names the record. */
  FAIL,
  /** Leave it out and count it. */
  SKIP
}
