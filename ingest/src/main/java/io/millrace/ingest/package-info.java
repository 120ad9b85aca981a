/**
 * Kafka to Delta under Spark Structured Streaming: Spark drives triggers, tasks and retries; the
 * rows go from Kafka to Parquet without passing through it. {@link io.millrace.ingest.Ingest} is
 * the entry point, {@code docs/architecture.md} the overview.
 */
package io.millrace.ingest;
