package io.millrace.ingest.task;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** A record's headers as a map. Kafka's may repeat a name: the last one wins. */
final class HeaderValues {
  /** A map that has been larger costs as much to clear as it had. */
  private static final int MOST_KEPT = 256;

  private Map<String, byte[]> values = new LinkedHashMap<>();

  /** Good until the next call; values may be null. */
  Map<String, byte[]> of(Headers headers) {
    if (values.size() > MOST_KEPT) {
      values = new LinkedHashMap<>();
    }
    values.clear();
    for (Header header : headers) {
      values.put(header.key(), header.value());
    }
    return values;
  }
}
