package io.millrace.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to the registry and repeats those that may succeed later. Every request that
 * Millrace sends may be repeated: reading changes nothing, and registering a schema twice gives the
 * same id.
 */
final class RegistryHttp {
  private static final Logger log = LoggerFactory.getLogger(RegistryHttp.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RegistryClientSettings settings;
  private final RandomGenerator random;
  private final Waiter waiter;
  private final HttpClient client;

  /** Waits between two tries. */
  interface Waiter {
    void await(Duration time) throws InterruptedException;
  }

  /**
   * @param random spreads the waits of clients that failed together
   */
  RegistryHttp(RegistryClientSettings settings, RandomGenerator random, Waiter waiter) {
    this.settings = settings;
    this.random = random;
    this.waiter = waiter;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  /**
   * The registry's answer.
   *
   * @param status HTTP's, not 5xx
   * @param body an empty object where there was no JSON
   */
  record Answer(int status, JsonNode body) {
    boolean ok() {
      return status / 100 == 2;
    }

    /** Confluent's number of an error such as 40401; HTTP's status where there is none. */
    int errorCode() {
      return body.path("error_code").asInt(status);
    }

    /** Whether it is a registry that says so, not some other server at this address. */
    boolean isRegistrys() {
      return body.has("error_code");
    }

    /** Without the full stop that some end with: it becomes part of a sentence. */
    String message() {
      return body.path("message").asText("HTTP status " + status).replaceFirst("\\.+$", "");
    }
  }

  String address() {
    return settings.urls().get(0).toString();
  }

  Answer get(String path) {
    return send(path, Optional.empty());
  }

  Answer post(String path, JsonNode body) {
    return send(path, Optional.of(body.toString()));
  }

  private Answer send(String path, Optional<String> body) {
    int tries = settings.maxRetries() + 1;
    String reason = "";
    Exception cause = null;
    for (int attempt = 0; attempt < tries; attempt++) {
      URI base = settings.urls().get(attempt % settings.urls().size());
      try {
        if (attempt > 0) {
          waiter.await(waitBefore(attempt));
        }
        HttpResponse<byte[]> response =
            client.send(request(base, path, body), BodyHandlers.ofByteArray());
        if (!mayPass(response.statusCode())) {
          return new Answer(response.statusCode(), json(response.body()));
        }
        cause = null;
        reason =
            "HTTP status "
                + response.statusCode()
                + ": "
                + json(response.body()).path("message").asText("no message");
      } catch (IOException e) {
        cause = e;
        reason =
            e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MillraceException(
            ExitCode.INTERRUPTED, "interrupted", "while asking " + base, "Run it again", e);
      }
      log.atDebug()
          .addKeyValue("url", base)
          .addKeyValue("attempt", attempt + 1)
          .addKeyValue("reason", reason)
          .log("registry request failed");
    }
    throw new MillraceException(
        ExitCode.UNREACHABLE,
        "the schema registry at " + address() + " does not answer",
        reason + " (" + tries + " tries)",
        "Start it, or correct the registry's url",
        cause);
  }

  private HttpRequest request(URI base, String path, Optional<String> body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(settings.readTimeout())
            .header("Accept", CONTENT_TYPE + ", application/json");
    settings.authorization().ifPresent(value -> request.header("Authorization", value));
    body.ifPresent(
        text ->
            request
                .header("Content-Type", CONTENT_TYPE)
                .POST(HttpRequest.BodyPublishers.ofString(text)));
    return request.build();
  }

  /** Half of the doubled wait at least, so that a busy registry gets time. */
  private Duration waitBefore(int attempt) {
    long doubled = settings.firstWait().toMillis() << Math.min(attempt - 1, 20);
    long longest = Math.min(doubled, settings.longestWait().toMillis());
    return Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
  }

  private static boolean mayPass(int status) {
    return status >= 500 || status == 429 || status == 408;
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json == null || json.isMissingNode() ? JSON.createObjectNode() : json;
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }
}
