package io.millrace.cli.drill;

import io.millrace.embedded.LocalStack;
import java.io.IOException;

/**
 * What lies between broker and registry on one side, and ingest and producer on the other: a proxy
 * each. Who audits goes past them.
 */
final class DrillNetwork implements AutoCloseable {
  private final FaultProxy broker;
  private final FaultProxy registry;

  private DrillNetwork(FaultProxy broker, FaultProxy registry) {
    this.broker = broker;
    this.registry = registry;
  }

  static DrillNetwork open() throws IOException {
    FaultProxy broker = FaultProxy.open();
    try {
      return new DrillNetwork(broker, FaultProxy.open());
    } catch (IOException e) {
      broker.close();
      throw e;
    }
  }

  /** Starts what is behind. */
  LocalStack start(DrillOptions options) {
    LocalStack stack = LocalStack.startBehindProxy(options.directory(), broker.port());
    broker.forwardTo(stack.behindProxy());
    registry.forwardTo(stack.registryPort());
    return stack;
  }

  /** The broker's. */
  FaultProxy broker() {
    return broker;
  }

  /** The registry's. */
  FaultProxy registry() {
    return registry;
  }

  @Override
  public void close() {
    broker.close();
    registry.close();
  }
}
