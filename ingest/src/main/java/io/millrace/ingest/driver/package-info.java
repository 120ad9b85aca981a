/**
 * What runs in the driver: one {@link io.millrace.ingest.driver.StreamDriver} a stream plans its
 * batches and commits them; a Spark source and a sink function only delegate to it.
 */
package io.millrace.ingest.driver;
