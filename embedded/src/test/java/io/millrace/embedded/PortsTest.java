package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.MillraceException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortsTest {
  private final Ports ports = new Ports(new Random(1));

  @Test
  void fillsInWhatIsNotChosenFromBelowTheRangeOfOutgoingConnections() {
    StackPorts chosen = ports.complete(StackPorts.UNCHOSEN);

    assertThat(java.util.List.of(chosen.broker(), chosen.controller(), chosen.registry()))
        .doesNotHaveDuplicates()
        .allSatisfy(port -> assertThat(port).isBetween(20_000, 32_767));
  }

  @Test
  void keepsWhatIsChosen() {
    StackPorts free = ports.complete(StackPorts.UNCHOSEN);

    assertThat(ports.complete(free)).isEqualTo(free);
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      StackPorts wanted = new StackPorts(0, taken.getLocalPort(), 0);

      assertThatThrownBy(() -> ports.complete(wanted))
          .isInstanceOf(MillraceException.class)
          .hasMessageContainingAll(
              "port in use", "Kafka controller", "127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void refusesOnePortForTwo() {
    int free = ports.complete(StackPorts.UNCHOSEN).broker();

    assertThatThrownBy(() -> ports.complete(new StackPorts(free, free, 0)))
        .isInstanceOf(MillraceException.class)
        .hasMessageContaining("another part of this stack has it");
  }
}
