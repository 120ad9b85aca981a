package io.millrace.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Kafka's settings for one broker that is its own controller, on a machine with few cores. */
final class BrokerSettings {
  static final int NODE_ID = 1;

  private BrokerSettings() {}

  /**
   * @param data where Kafka keeps its logs
   * @param ports none of them zero
   * @param proxy empty for none
   */
  static Properties of(Path data, StackPorts ports, Optional<ProxyListener> proxy) {
    Properties p = new Properties();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", Integer.toString(NODE_ID));
    p.setProperty(
        "controller.quorum.voters", NODE_ID + "@" + LocalStack.LOOPBACK + ":" + ports.controller());
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("inter.broker.listener.name", "BROKER");
    p.setProperty("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty(
        "listeners",
        "BROKER://%s:%d,CONTROLLER://%s:%d"
            .formatted(
                LocalStack.LOOPBACK, ports.broker(), LocalStack.LOOPBACK, ports.controller()));
    p.setProperty("advertised.listeners", "BROKER://" + LocalStack.LOOPBACK + ":" + ports.broker());
    proxy.ifPresent(listener -> add(p, listener));
    p.setProperty("log.dirs", data.toString());
    topics(p);
    replication(p);
    resources(p);
    return p;
  }

  private static void add(Properties p, ProxyListener proxy) {
    append(p, "listener.security.protocol.map", "PROXY:PLAINTEXT");
    append(p, "listeners", "PROXY://%s:%d".formatted(LocalStack.LOOPBACK, proxy.port()));
    append(
        p,
        "advertised.listeners",
        "PROXY://%s:%d".formatted(LocalStack.LOOPBACK, proxy.proxyPort()));
  }

  private static void append(Properties p, String key, String value) {
    p.setProperty(key, p.getProperty(key) + "," + value);
  }

  private static void topics(Properties p) {
    // A misspelt topic must be an error, not a new topic with one partition.
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    // Keep batches as the producer compressed them: the broker then checks and appends only.
    p.setProperty("compression.type", "producer");
    // Generated data may carry timestamps of long ago; a development stack must not delete it.
    p.setProperty("log.retention.ms", "-1");
    p.setProperty("log.retention.bytes", "-1");
    // After SIGKILL the newest segment of each partition is read again: keep that short.
    p.setProperty("log.segment.bytes", Integer.toString(256 << 20));
    // Enough for 256 MiB at one 12-byte entry per 4 KiB (index.interval.bytes).
    p.setProperty("log.index.size.max.bytes", Integer.toString(1 << 20));
  }

  private static void replication(Properties p) {
    p.setProperty("default.replication.factor", "1");
    p.setProperty("min.insync.replicas", "1");
    p.setProperty("offsets.topic.replication.factor", "1");
    p.setProperty("offsets.topic.num.partitions", "4");
    p.setProperty("transaction.state.log.replication.factor", "1");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("transaction.state.log.num.partitions", "4");
    p.setProperty("share.coordinator.state.topic.replication.factor", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.num.partitions", "1");
  }

  private static void resources(Properties p) {
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");
    p.setProperty("group.coordinator.threads", "1");
    p.setProperty("share.coordinator.threads", "1");
    // After SIGKILL the restarted broker is let in only once its predecessor's session has ended:
    // 9 s by default, for the only broker there is.
    p.setProperty("broker.session.timeout.ms", "3000");
    p.setProperty("broker.heartbeat.interval.ms", "500");
    // Small windows cost throughput on loopback; -1 leaves the size to the kernel.
    p.setProperty("socket.send.buffer.bytes", "-1");
    p.setProperty("socket.receive.buffer.bytes", "-1");
    // The default of 128 MiB is heap taken at start; the compacted topics here are small.
    p.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
  }
}
