package io.millrace.cli.drill;

import io.millrace.embedded.LocalStack;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Forwards TCP connections of this machine to one of its ports, as well or badly as it is told to.
 * Two threads a connection. Any thread may call.
 */
final class FaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  /** What a slow network carries at a time, in each direction of a connection. */
  private static final int SLOW_BYTES = 32 << 10;

  private static final long SLOW_MILLIS = 200;

  /** What a connection carries, in each direction, before it is reset. */
  private static final int BYTES_TO_RESET = 48 << 10;

  private static final int CONNECT_MILLIS = 2_000;

  private static final byte[] NOT_AVAILABLE =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** How it forwards. */
  enum Mode {
    WELL,
    /** 32 KiB each 200 ms. */
    SLOW,
    /** Connections break after 48 KiB, often in the middle of a message. */
    RESET,
    /** Connections break at once. */
    REFUSE,
    /** Each connection is answered with HTTP's 503. */
    HTTP_503
  }

  private final ServerSocket server;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Mode> mode = new AtomicReference<>(Mode.WELL);
  private final AtomicLong struck = new AtomicLong();
  private volatile int target;

  private FaultProxy(ServerSocket server) {
    this.server = server;
  }

  /** Listens on a free port; connections wait until {@link #forwardTo} is called. */
  static FaultProxy open() throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(loopback(), 0));
    return new FaultProxy(server);
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByName(LocalStack.LOOPBACK);
  }

  int port() {
    return server.getLocalPort();
  }

  String address() {
    return LocalStack.LOOPBACK + ":" + port();
  }

  /** Begins to forward. Once. */
  void forwardTo(int port) {
    target = port;
    start("proxy-" + port, this::accept);
  }

  /** From now on it forwards so; a mode that ends connections ends those that are open, too. */
  void set(Mode to) {
    mode.set(to);
    if (to == Mode.RESET || to == Mode.REFUSE || to == Mode.HTTP_503) {
      connections.forEach(Connection::strike);
    }
  }

  /** How many connections were ended, and pieces made late, so far. */
  long struck() {
    return struck.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        begin(server.accept());
      } catch (IOException e) {
        // The one that connected has gone, or this proxy is closed.
        continue;
      }
    }
  }

  private void begin(Socket client) throws IOException {
    switch (mode.get()) {
      case REFUSE -> {
        struck.incrementAndGet();
        reset(client);
      }
      case HTTP_503 -> {
        struck.incrementAndGet();
        start("proxy-503", () -> refuse(client));
      }
      case WELL, SLOW, RESET -> {
        Socket server = new Socket();
        try {
          server.connect(new InetSocketAddress(loopback(), target), CONNECT_MILLIS);
        } catch (IOException e) {
          reset(client);
          return;
        }
        Connection connection = new Connection(client, server);
        connections.add(connection);
        connection.begin();
      }
    }
  }

  /** Answers whatever is asked. */
  private static void refuse(Socket client) {
    try (client) {
      InputStream request = client.getInputStream();
      if (request.read(new byte[BUFFER_BYTES]) > 0) {
        client.getOutputStream().write(NOT_AVAILABLE);
        client.shutdownOutput();
        request.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      // Nobody waits for the answer any more.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends a connection so that its other end sees a reset and not an end. */
  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // Nobody can connect any more either way.
    }
    connections.forEach(Connection::end);
  }

  /** One client's. */
  private final class Connection {
    private final Socket client;
    private final Socket server;

    /** Of the two directions. */
    private final AtomicInteger ended = new AtomicInteger();

    Connection(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void begin() throws SocketException {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start("proxy-up", () -> pump(client, server));
      start("proxy-down", () -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long carried = 0;
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer, 0, most()); n >= 0; n = in.read(buffer, 0, most())) {
          Mode now = mode.get();
          if (now == Mode.SLOW) {
            struck.incrementAndGet();
            Thread.sleep(SLOW_MILLIS);
          }
          carried += n;
          if (now == Mode.RESET && carried > BYTES_TO_RESET) {
            out.write(buffer, 0, n / 2);
            strike();
            return;
          }
          out.write(buffer, 0, n);
        }
        to.shutdownOutput();
        if (ended.incrementAndGet() == 2) {
          close();
        }
      } catch (IOException e) { // either end has gone
        end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        end();
      }
    }

    /** Both ends have said all. */
    private void close() throws IOException {
      connections.remove(this);
      client.close();
      server.close();
    }

    private int most() {
      return mode.get() == Mode.SLOW ? SLOW_BYTES : BUFFER_BYTES;
    }

    void strike() {
      struck.incrementAndGet();
      end();
    }

    void end() {
      connections.remove(this);
      reset(client);
      reset(server);
    }
  }
}
