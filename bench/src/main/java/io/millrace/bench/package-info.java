/**
 * {@code millrace bench}: our ingest beside stock Spark on the same topic, commit times over
 * thousands of batches, and the cost of the columnar path by itself. Nothing else depends on this
 * module; what only the comparison needs (Spark's Kafka source, spark-avro, delta-spark) is
 * declared here.
 */
package io.millrace.bench;
