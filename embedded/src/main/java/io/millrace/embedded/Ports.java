package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Finds free ports on the loopback address, and says when a wanted one is taken. */
final class Ports {
  // Below 32768, where Linux's range for outgoing connections begins (ip_local_port_range): a
  // remembered port from that range could be in some client's use at the next start.
  private static final int LOWEST = 20_000;
  private static final int END = 32_768;
  private static final int ATTEMPTS = 1_000;

  private final RandomGenerator random;

  Ports(RandomGenerator random) {
    this.random = random;
  }

  /** Fills in what is not chosen with free ports and checks that the chosen ones are free. */
  StackPorts complete(StackPorts wanted) {
    Set<Integer> taken = new HashSet<>();
    int broker = claim(wanted.broker(), "Kafka broker", taken);
    int controller = claim(wanted.controller(), "Kafka controller", taken);
    int registry = claim(wanted.registry(), "schema registry", taken);
    return new StackPorts(broker, controller, registry);
  }

  /** One more free port beside the chosen ones. */
  int another(StackPorts chosen, String user) {
    return claim(
        0, user, new HashSet<>(Set.of(chosen.broker(), chosen.controller(), chosen.registry())));
  }

  /** Throws where the port can't be listened on. */
  static void requireFree(int port, String user) {
    IOException refused = tryListen(port);
    if (refused != null) {
      throw inUse(port, user, refused);
    }
  }

  private int claim(int wanted, String user, Set<Integer> taken) {
    if (wanted != 0) {
      requireFree(wanted, user);
      if (!taken.add(wanted)) {
        throw inUse(wanted, user, null);
      }
      return wanted;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = random.nextInt(LOWEST, END);
      if (!taken.contains(port) && tryListen(port) == null) {
        taken.add(port);
        return port;
      }
    }
    throw new MillraceException(
        ExitCode.UNREACHABLE,
        "no free port for the " + user,
        "%d tries between %d and %d found none".formatted(ATTEMPTS, LOWEST, END - 1),
        "Stop other programs, or name a port");
  }

  static MillraceException inUse(int port, String user, Throwable cause) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "port in use: the " + user + " can't listen on " + LocalStack.LOOPBACK + ":" + port,
        cause == null ? "another part of this stack has it" : String.valueOf(cause.getMessage()),
        "Stop the program that has the port, or name another port",
        cause);
  }

  /** Null where listening works. */
  private static IOException tryListen(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As servers do: a closed connection's wait state must not count as use.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }
}
