/** What runs on the executors: Kafka ranges in, data files out. No class here knows Spark. */
package io.millrace.ingest.task;
