package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerLogTest {
  @Test
  void findsTheFirstCausesAndLeavesOutTheRest(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("broker.out");
    Files.writeString(
        output,
        """
        Formatting metadata directory
        org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9
        \tat kafka.network.Acceptor.openServerSocket(SocketServer.scala:700)
        Caused by: java.net.BindException: Address already in use
        Caused by: java.lang.IllegalStateException: third
        """);

    assertThat(BrokerLog.causes(output, directory.resolve("missing")))
        .containsExactly(
            "org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9",
            "Caused by: java.net.BindException: Address already in use");
  }
}
