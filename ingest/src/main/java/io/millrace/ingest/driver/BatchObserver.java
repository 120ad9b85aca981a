package io.millrace.ingest.driver;

/** Hears of each committed batch, on Spark's stream thread. */
@FunctionalInterface
public interface BatchObserver {
  void committed(CommittedBatch batch);
}
