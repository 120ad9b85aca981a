package io.millrace.core.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Knows which values must never be shown. */
public final class Secrets {
  /** What is shown in place of a secret. */
  public static final String HIDDEN = "****";

  /**
   * Names under which Kafka, registries, Hadoop and its object stores keep secrets. Rather one too
   * many: what is hidden by mistake costs nobody anything.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "password|passwd|passphrase|secret|token|credential|jaas|user\\.info"
              + "|(access|private|account|api|encryption|keystore|truststore)[._-]?key",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern USER_INFO = Pattern.compile("(//)[^/@\\s]+@");

  private Secrets() {}

  /** Whether a key of this name holds a secret, by its name. */
  public static boolean looksSecret(String key) {
    return NAME.matcher(key).find();
  }

  /** The value as it may be shown: hidden, or without the user part of an address. */
  public static String shown(String key, String value) {
    return looksSecret(key) ? HIDDEN : USER_INFO.matcher(value).replaceAll("$1" + HIDDEN + "@");
  }

  /** The properties as they may be shown. */
  public static Map<String, String> shown(Map<String, String> properties) {
    Map<String, String> shown = new LinkedHashMap<>();
    properties.forEach((key, value) -> shown.put(key, shown(key, value)));
    return shown;
  }

  static String quoted(String path, YamlNode.Scalar scalar) {
    if (scalar.text() == null) {
      return "empty";
    }
    return scalar.secret() ? HIDDEN : '"' + shown(path, scalar.text()) + '"';
  }
}
