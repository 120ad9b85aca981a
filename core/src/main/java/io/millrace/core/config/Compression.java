package io.millrace.core.config;

/** Codec of the Parquet pages. */
public enum Compression {
  ZSTD,
  SNAPPY,
  NONE
}
