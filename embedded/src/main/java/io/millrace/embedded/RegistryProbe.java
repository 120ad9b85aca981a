package io.millrace.embedded;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Finds out whether a registry answers. */
final class RegistryProbe {
  private RegistryProbe() {}

  static boolean answers(String url, Duration limit) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/schemas/types")).timeout(limit).build();
    try {
      HttpClient client = HttpClient.newBuilder().connectTimeout(limit).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("asking the registry at " + url, e);
    }
  }
}
