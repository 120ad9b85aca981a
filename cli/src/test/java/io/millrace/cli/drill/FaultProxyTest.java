package io.millrace.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets, to a server that gives back what it gets. */
@Timeout(60)
class FaultProxyTest {
  private ServerSocket echo;
  private FaultProxy proxy;

  @BeforeEach
  void open() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread server = new Thread(this::serve, "echo");
    server.setDaemon(true);
    server.start();
    proxy = FaultProxy.open();
    proxy.forwardTo(echo.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    echo.close();
  }

  private void serve() {
    while (!echo.isClosed()) {
      try (Socket client = echo.accept()) {
        client.getInputStream().transferTo(client.getOutputStream());
      } catch (IOException e) {
        // The client or the test has ended.
      }
    }
  }

  @Test
  void forwardsEachByteAndTheEndBothWays() throws Exception {
    byte[] sent = bytes(3 << 20);

    assertThat(echoOf(sent)).isEqualTo(sent);
    assertThat(proxy.struck()).isZero();
  }

  @Test
  void aSlowNetworkLosesNothing() throws Exception {
    byte[] sent = bytes(100_000);
    proxy.set(FaultProxy.Mode.SLOW);

    assertThat(echoOf(sent)).isEqualTo(sent);
    assertThat(proxy.struck()).as("pieces of 32 KiB, there and back").isGreaterThanOrEqualTo(8);
  }

  @Test
  void aConnectionIsResetInTheMiddleAndTheNextOneBreaksAgain() throws Exception {
    proxy.set(FaultProxy.Mode.RESET);
    byte[] few = bytes(1_000);

    assertThat(echoOf(few)).isEqualTo(few);
    for (int i = 1; i <= 2; i++) {
      assertThatThrownBy(() -> echoOf(bytes(1 << 20))).isInstanceOf(SocketException.class);
      assertThat(proxy.struck()).isEqualTo(i);
    }
    proxy.set(FaultProxy.Mode.WELL);
    assertThat(echoOf(few)).isEqualTo(few);
  }

  @Test
  void refusalEndsTheOpenConnectionAndEachNewOne() throws Exception {
    try (Socket open = connect()) {
      open.getOutputStream().write(1);
      assertThat(open.getInputStream().read()).isEqualTo(1);

      proxy.set(FaultProxy.Mode.REFUSE);

      assertThatThrownBy(() -> open.getInputStream().read()).isInstanceOf(SocketException.class);
    }
    assertThatThrownBy(() -> echoOf(bytes(10))).isInstanceOf(SocketException.class);
  }

  @Test
  void anHttpServerIsNotAvailableForAWhile() throws Exception {
    HttpServer http = HttpServer.create(new InetSocketAddress(echo.getInetAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    http.start();
    try (FaultProxy before = FaultProxy.open()) {
      before.forwardTo(http.getAddress().getPort());
      URI uri = URI.create("http://" + before.address() + "/schemas");
      HttpClient client = HttpClient.newHttpClient();
      assertThat(status(client, uri)).isEqualTo(204);

      before.set(FaultProxy.Mode.HTTP_503);
      assertThat(status(client, uri)).isEqualTo(503);
      assertThat(status(client, uri)).isEqualTo(503);

      before.set(FaultProxy.Mode.WELL);
      assertThat(status(client, uri)).isEqualTo(204);
    } finally {
      http.stop(0);
    }
  }

  @Test
  void whereNobodyListensTheConnectionEnds() throws Exception {
    echo.close();

    assertThatThrownBy(() -> echoOf(bytes(10))).isInstanceOf(SocketException.class);
  }

  private static int status(HttpClient client, URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), proxy.port());
  }

  private byte[] echoOf(byte[] sent) throws IOException, InterruptedException {
    try (Socket socket = connect()) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              "writer");
      writer.setUncaughtExceptionHandler((thread, failure) -> {}); // the reader sees it as well
      writer.start();
      try (InputStream in = socket.getInputStream()) {
        byte[] got = in.readAllBytes();
        writer.join();
        return got;
      }
    }
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }
}
