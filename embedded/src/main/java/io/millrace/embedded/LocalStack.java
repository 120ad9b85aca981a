package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.embedded.registry.RegistryServer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * A KRaft broker (a child process) and a schema registry (in this process) over one directory, for
 * demo, development and tests. Everything binds to loopback. The broker ends with this process,
 * however this process ends.
 *
 * <p>Methods may be called by any thread, one at a time. Errors are {@link MillraceException}s.
 */
public final class LocalStack implements AutoCloseable {
  /** The only address that anything here listens on. */
  public static final String LOOPBACK = "127.0.0.1";

  /**
   * Environment variable with more options for the broker's JVM, space between; they come after our
   * own ({@code -Xmx1g}, ...).
   */
  public static final String BROKER_OPTIONS_VARIABLE = "MILLRACE_BROKER_OPTS";

  private final StackDirectory directory;
  private final StackDirectory.Memory memory;
  private final Optional<ProxyListener> proxy;
  private final BrokerAdmin admin;
  private BrokerProcess broker;
  private RegistryServer registry;

  private LocalStack(
      StackDirectory directory,
      StackDirectory.Memory memory,
      Optional<ProxyListener> proxy,
      BrokerProcess broker) {
    this.directory = directory;
    this.memory = memory;
    this.proxy = proxy;
    this.broker = broker;
    this.admin = new BrokerAdmin(LOOPBACK, memory.ports().broker());
  }

  /**
   * Which ports to listen on; each 0 for the one remembered in the directory, or a free one where
   * none is.
   *
   * @param brokerPort Kafka's port for clients, 0 to 65,535
   * @param controllerPort Kafka's port for itself, 0 to 65,535
   * @param registryPort the registry's HTTP port, 0 to 65,535
   */
  public record Options(int brokerPort, int controllerPort, int registryPort) {
    public static final Options DEFAULT = new Options(0, 0, 0);
  }

  /**
   * Starts both and returns when both answer. Ports are remembered in the directory and used again;
   * state is kept.
   */
  public static LocalStack start(Path directory) {
    return start(directory, Options.DEFAULT);
  }

  /** As {@link #start(Path)} with ports of one's own; they are remembered, too. */
  public static LocalStack start(Path directory, Options options) {
    return start(directory, options, OptionalInt.empty());
  }

  /**
   * As {@link #start(Path)}, with a proxy in front of the broker for those who want it.
   *
   * @param proxyPort where the proxy listens; it has to forward to {@link #behindProxy}
   */
  public static LocalStack startBehindProxy(Path directory, int proxyPort) {
    return start(directory, Options.DEFAULT, OptionalInt.of(proxyPort));
  }

  private static LocalStack start(Path directory, Options options, OptionalInt proxyPort) {
    StackDirectory opened = StackDirectory.open(directory);
    try {
      return start(opened, options, proxyPort);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static LocalStack start(
      StackDirectory directory, Options options, OptionalInt proxyPort) {
    StackDirectory.Memory recalled = directory.recall();
    StackPorts wanted = StackPorts.of(options).or(recalled.ports());
    Ports choice = new Ports(new SecureRandom());
    StackPorts ports = choice.complete(wanted);
    StackDirectory.Memory memory = new StackDirectory.Memory(recalled.clusterId(), ports);
    directory.remember(memory);
    Optional<ProxyListener> proxy =
        proxyPort.isEmpty()
            ? Optional.empty()
            : Optional.of(new ProxyListener(choice.another(ports, "proxy"), proxyPort.getAsInt()));
    directory.writeBrokerSettings(BrokerSettings.of(directory.kafkaData(), ports, proxy));
    LocalStack stack =
        new LocalStack(
            directory, memory, proxy, BrokerProcess.start(directory, memory.clusterId()));
    try {
      stack.admin.awaitReady(stack.broker);
      stack.startRegistry();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private void startRegistry() {
    admin.createTopicIfMissing(RegistryServer.topicName(), 1, RegistryServer.topicSettings());
    registry = RegistryServer.start(bootstrapServers(), LOOPBACK, memory.ports().registry());
  }

  /** Such as {@code 127.0.0.1:29092}. */
  public String bootstrapServers() {
    return address(memory.ports().broker());
  }

  /** The port of the broker that a proxy forwards to. */
  public int behindProxy() {
    return proxy.orElseThrow().port();
  }

  /** The registry's port. */
  public int registryPort() {
    return memory.ports().registry();
  }

  /** Such as {@code http://127.0.0.1:28081}. */
  public String registryUrl() {
    return "http://" + address(memory.ports().registry());
  }

  /** Process id of the broker; of the last one while none runs. */
  public long brokerPid() {
    return broker.pid();
  }

  /** Completes when the broker's process has ended, for whatever reason. */
  CompletableFuture<Process> brokerExit() {
    return broker.onExit();
  }

  MillraceException brokerFailure(String what) {
    return broker.failure(what);
  }

  /** SIGKILL; {@link #startBroker} brings it back on the same port with the same data. */
  public void killBroker() {
    broker.kill();
  }

  /** Starts the broker after {@link #killBroker} and returns when it answers. */
  public void startBroker() {
    if (broker.alive()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "the broker can't be started",
          "it runs already as process " + broker.pid(),
          "Kill it first");
    }
    broker = BrokerProcess.start(directory, memory.clusterId());
    admin.awaitReady(broker);
  }

  /** Creates a topic with one replica and waits until every partition has a leader. */
  public void createTopic(String topic, int partitions) {
    admin.createTopic(topic, partitions);
  }

  /** Stops both cleanly and waits for it. */
  @Override
  public void close() {
    try (directory) {
      if (registry != null) {
        registry.close();
      }
    } finally {
      broker.stop();
    }
  }

  private static String address(int port) {
    return LOOPBACK + ":" + port;
  }
}
