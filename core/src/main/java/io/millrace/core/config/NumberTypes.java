package io.millrace.core.config;

/** Which columns Avro's int and float get. */
public enum NumberTypes {
  /** LONG and DOUBLE, so that a later promotion to long or double never meets a narrow column. */
  WIDE,
  /** INT and FLOAT, as Spark's from_avro has them. */
  EXACT
}
