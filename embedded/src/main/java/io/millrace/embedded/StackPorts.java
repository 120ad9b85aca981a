package io.millrace.embedded;

/**
 * Ports on the loopback address.
 *
 * @param broker Kafka's clients connect here; 0 means not chosen yet
 * @param controller Kafka's own; 0 means not chosen yet
 * @param registry the registry's HTTP port; 0 means not chosen yet
 */
record StackPorts(int broker, int controller, int registry) {
  static final StackPorts UNCHOSEN = new StackPorts(0, 0, 0);

  /** Those that are asked for. */
  static StackPorts of(LocalStack.Options asked) {
    return new StackPorts(asked.brokerPort(), asked.controllerPort(), asked.registryPort());
  }

  /** These ports where they are chosen, otherwise the other's. */
  StackPorts or(StackPorts other) {
    return new StackPorts(
        broker != 0 ? broker : other.broker,
        controller != 0 ? controller : other.controller,
        registry != 0 ? registry : other.registry);
  }
}
