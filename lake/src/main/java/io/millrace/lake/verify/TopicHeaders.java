package io.millrace.lake.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What the column of headers should hold: of those of one name the last; null for none. */
final class TopicHeaders {
  private TopicHeaders() {}

  private static Map<String, byte[]> last(Headers headers) {
    Map<String, byte[]> last = new HashMap<>();
    for (Header header : headers) {
      last.put(header.key(), header.value());
    }
    return last;
  }

  static long hash(Headers headers) {
    Map<String, byte[]> last = last(headers);
    if (last.isEmpty()) {
      return ValueHash.NULL;
    }
    long[] sum = {0};
    last.forEach(
        (name, value) ->
            sum[0] +=
                ValueHash.entry(
                    FlatValues.hashBytes(name.getBytes(StandardCharsets.UTF_8)),
                    value == null ? ValueHash.NULL : FlatValues.hashBytes(value)));
    return ValueHash.map(last.size(), sum[0]);
  }

  /** As {@link ValueText} takes a map. */
  static List<Map.Entry<String, byte[]>> value(Headers headers) {
    Map<String, byte[]> last = last(headers);
    return last.isEmpty() ? null : new ArrayList<>(last.entrySet());
  }
}
