package io.millrace.cli.demo;

import io.millrace.embedded.LocalStack;
import io.millrace.embedded.StackStatus;
import io.millrace.embedded.Supervisor;
import java.nio.file.Path;

/**
 * The broker and registry of the demo: those that {@code up} runs over the directory, or its own.
 *
 * @param own null where {@code up} runs them: they are left running then
 */
record DemoStack(String bootstrapServers, String registryUrl, long brokerPid, LocalStack own)
    implements AutoCloseable {

  static DemoStack open(Path directory) {
    StackStatus status = Supervisor.status(directory);
    if (status.running().isPresent()) {
      var state = status.running().get();
      return new DemoStack(state.bootstrapServers(), state.registryUrl(), state.brokerPid(), null);
    }
    LocalStack stack = LocalStack.start(directory);
    return new DemoStack(stack.bootstrapServers(), stack.registryUrl(), stack.brokerPid(), stack);
  }

  boolean wasRunning() {
    return own == null;
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
