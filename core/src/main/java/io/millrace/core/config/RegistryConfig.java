package io.millrace.core.config;

import java.util.Map;

/**
 * How to reach the schema registry.
 *
 * @param url base address, such as {@code http://127.0.0.1:8081}
 * @param properties client properties by Confluent's names ({@code basic.auth.user.info}, ...)
 */
public record RegistryConfig(String url, Map<String, String> properties) {
  /** Without what must not be printed. */
  @Override
  public String toString() {
    return "RegistryConfig[url=%s, properties=%s]"
        .formatted(Secrets.shown("url", url), Secrets.shown(properties));
  }
}
