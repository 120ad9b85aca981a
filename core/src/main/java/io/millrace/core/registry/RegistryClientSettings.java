package io.millrace.core.registry;

import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the client takes from a {@link RegistryConfig}. Property names are those of Confluent's
 * client (SchemaRegistryClientConfig), with or without its prefix {@code schema.registry.}.
 *
 * @param urls base addresses without a slash at the end, tried in turn; at least one
 * @param authorization value of the HTTP header, if any
 * @param connectTimeout positive
 * @param readTimeout positive; from a request's start to its answer
 * @param maxRetries tries after the first one, 0 or more
 * @param firstWait before the first retry; doubles from then on
 * @param longestWait before any retry
 */
record RegistryClientSettings(
    List<URI> urls,
    Optional<String> authorization,
    Duration connectTimeout,
    Duration readTimeout,
    int maxRetries,
    Duration firstWait,
    Duration longestWait) {
  private static final String PREFIX = "schema.registry.";
  private static final String USER_INFO = "basic.auth.user.info";
  private static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
  private static final String BEARER_TOKEN = "bearer.auth.token";
  private static final String CONNECT_TIMEOUT = "http.connect.timeout.ms";
  private static final String READ_TIMEOUT = "http.read.timeout.ms";
  private static final String MAX_RETRIES = "max.retries";
  private static final String FIRST_WAIT = "retries.wait.ms";
  private static final String LONGEST_WAIT = "retries.max.wait.ms";
  private static final Set<String> KNOWN =
      new TreeSet<>(
          Set.of(
              USER_INFO,
              CREDENTIALS_SOURCE,
              BEARER_TOKEN,
              CONNECT_TIMEOUT,
              READ_TIMEOUT,
              MAX_RETRIES,
              FIRST_WAIT,
              LONGEST_WAIT));

  /** The authorization is a secret. */
  @Override
  public String toString() {
    return "RegistryClientSettings" + urls;
  }

  static RegistryClientSettings of(RegistryConfig config) {
    Map<String, String> properties = new java.util.HashMap<>();
    config
        .properties()
        .forEach(
            (name, value) -> {
              String bare = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
              if (!KNOWN.contains(bare)) {
                throw wrong("unknown property '" + name + "'", "Known are " + KNOWN);
              }
              properties.put(bare, value);
            });
    List<URI> given = new ArrayList<>();
    for (String url : config.url().split(",", -1)) {
      given.add(url(url.strip()));
    }
    return new RegistryClientSettings(
        given.stream().map(RegistryClientSettings::withoutUser).toList(),
        authorization(properties, given.get(0)),
        Duration.ofMillis(number(properties, CONNECT_TIMEOUT, 5_000, 1)),
        Duration.ofMillis(number(properties, READ_TIMEOUT, 30_000, 1)),
        number(properties, MAX_RETRIES, 5, 0),
        Duration.ofMillis(number(properties, FIRST_WAIT, 100, 0)),
        Duration.ofMillis(number(properties, LONGEST_WAIT, 2_000, 0)));
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The same answer as for an address of another kind.
    }
    throw wrong(
        "address '" + text + "' is none", "It must look like http://127.0.0.1:8081 or https://...");
  }

  private static Optional<String> authorization(Map<String, String> properties, URI url) {
    String token = properties.get(BEARER_TOKEN);
    if (token != null) {
      return Optional.of("Bearer " + token);
    }
    String source = properties.getOrDefault(CREDENTIALS_SOURCE, "URL");
    String user =
        switch (source) {
          case "USER_INFO" -> properties.get(USER_INFO);
          case "URL" -> properties.getOrDefault(USER_INFO, url.getUserInfo());
          default ->
              throw wrong(
                  CREDENTIALS_SOURCE + " '" + source + "' is not known", "Use USER_INFO or URL");
        };
    if (user == null && source.equals("USER_INFO")) {
      throw wrong(USER_INFO + " is missing", "Set it to <user>:<password>");
    }
    return Optional.ofNullable(user)
        .map(u -> Base64.getEncoder().encodeToString(u.getBytes(StandardCharsets.UTF_8)))
        .map(encoded -> "Basic " + encoded);
  }

  private static URI withoutUser(URI url) {
    return url.getRawUserInfo() == null
        ? url
        : URI.create(url.toString().replaceFirst("//[^/@]*@", "//"));
  }

  private static int number(Map<String, String> properties, String name, int otherwise, int least) {
    String value = properties.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw wrong(name + " is '" + value + "'", "It must be a whole number of " + least + " or more");
  }

  private static MillraceException wrong(String reason, String remedy) {
    return new MillraceException(
        ExitCode.USAGE, "the registry's settings are wrong", reason, remedy);
  }
}
