package io.millrace.core.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server that gives the answers a test wants, and 40403 where it wants none. */
final class AnswerServer implements AutoCloseable {
  private record Answer(int status, String body) {}

  private final Map<String, List<Answer>> answers = new HashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  AnswerServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked =
              exchange.getRequestMethod()
                  + " "
                  + exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          requests.add(asked.strip());
          List<Answer> due =
              answers.getOrDefault(exchange.getRequestURI().toString(), new ArrayList<>());
          Answer answer =
              due.isEmpty()
                  ? new Answer(404, "{\"error_code\":40403,\"message\":\"Schema not found.\"}")
                  : due.size() > 1 ? due.remove(0) : due.get(0);
          byte[] body = answer.body().getBytes(UTF_8);
          exchange.sendResponseHeaders(answer.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Several answers for one path are given one after the other, the last one from then on. */
  void answer(String path, int status, String body) {
    answers.computeIfAbsent(path, p -> new ArrayList<>()).add(new Answer(status, body));
  }

  /** Method, path, authorization and body of each. */
  List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
