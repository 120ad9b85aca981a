package io.millrace.embedded;

import java.nio.file.Path;

/**
 * A KRaft broker (a child process) and a schema registry (in this process) over one directory, for
 * demo, development and tests. Everything binds to loopback.
 */
public final class LocalStack implements AutoCloseable {
  /**
   * Starts both and returns when both answer. Ports are remembered in the directory and used again;
   * state is kept.
   */
  public static LocalStack start(Path directory) {
    throw new IllegalStateException("to be written");
  }

  public String bootstrapServers() {
    throw new IllegalStateException("to be written");
  }

  public String registryUrl() {
    throw new IllegalStateException("to be written");
  }

  /** Process id of the broker. */
  public long brokerPid() {
    throw new IllegalStateException("to be written");
  }

  /** SIGKILL; {@link #startBroker} brings it back on the same port with the same data. */
  public void killBroker() {
    throw new IllegalStateException("to be written");
  }

  public void startBroker() {
    throw new IllegalStateException("to be written");
  }

  /** Creates a topic with one replica and waits until every partition has a leader. */
  public void createTopic(String topic, int partitions) {
    throw new IllegalStateException("to be written");
  }

  @Override
  public void close() {
    throw new IllegalStateException("to be written");
  }
}
