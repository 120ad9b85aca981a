package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The Kafka clients' properties: our defaults, below what the user gave. */
final class KafkaProperties {
  private static final String ADMIN_TIMEOUT_MILLIS = "15000";

  /** What {@code acknowledged} stands on; a user can't have it otherwise. */
  private static final Map<String, String> FIXED =
      Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");

  private KafkaProperties() {}

  static Map<String, Object> forAdmin(Map<String, String> given) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "millrace-produce");
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MILLIS);
    properties.putAll(given);
    String request = given.get(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG);
    if (request != null && !given.containsKey(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG)) {
      // The client refuses a shorter one than a request's.
      properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, request);
    }
    return properties;
  }

  static Map<String, Object> forProducer(Map<String, String> given) {
    FIXED.forEach((key, value) -> refuseOther(given, key, value));
    Map<String, Object> properties = new HashMap<>();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "millrace-produce");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    // A full buffer has to outlast a broker that is away: it frees when batches are acknowledged
    // or, at the latest, when they expire after delivery.timeout.ms (120 s).
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 130_000L);
    properties.putAll(given);
    properties.putAll(FIXED);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }

  private static void refuseOther(Map<String, String> given, String key, String needed) {
    String value = given.get(key);
    boolean same =
        value == null || value.equals(needed) || (key.equals("acks") && "-1".equals(value));
    if (!same) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The Kafka property " + key + "=" + value + " is refused",
          "only with " + key + "=" + needed + " is an acknowledged record a safe one",
          "Leave the property out");
    }
  }
}
