package io.millrace.ingest.driver;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/**
 * The process that plans and commits ran out of memory: threads of Kafka's and Spark's may have
 * died of it, so that nothing goes on in this process.
 */
public final class DriverMemoryException extends MillraceException {
  private static final long serialVersionUID = 1L;

  DriverMemoryException(String stream, OutOfMemoryError error) {
    super(
        ExitCode.INTERNAL,
        "The process ran out of memory in stream " + stream,
        "%s; its largest heap is %d MiB"
            .formatted(error.getMessage(), Runtime.getRuntime().maxMemory() >> 20),
        "Start it again, with more (-Xmx in MILLRACE_OPTS, spark.driver.memory on a cluster) where it"
            + " happens again; what was committed is in the table, nothing of the batch in hand is",
        error);
  }
}
