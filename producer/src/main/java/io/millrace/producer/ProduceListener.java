package io.millrace.producer;

/** Hears from a running job; called by the thread that called {@link Producer#run}. */
public interface ProduceListener {
  /** A listener that does nothing. */
  ProduceListener NONE = progress -> {};

  /** The topic is ready, every partition has a leader, sending begins. */
  default void ready(String topic, int partitions, int schemaId) {}

  /** About every {@link Producer#PROGRESS_INTERVAL}, and once at the end. */
  void progress(Progress progress);
}
