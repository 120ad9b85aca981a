package io.millrace.cli;

import org.apache.spark.sql.SparkSession;

/** Sessions that tests have begun in this process: the next test may need another one. */
public final class SparkSessions {
  private SparkSessions() {}

  /** Whatever thread has begun it. */
  public static void stop() {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
  }
}
