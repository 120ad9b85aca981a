package io.millrace.ingest.driver;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How the source that Spark makes by class name finds the driver object it belongs to: by a key in
 * its options.
 */
final class StreamDrivers {
  /** The source's option that holds the key. */
  static final String OPTION = "driver";

  private static final Map<String, StreamDriver> DRIVERS = new ConcurrentHashMap<>();
  private static final AtomicLong KEYS = new AtomicLong();

  private StreamDrivers() {}

  static String register(StreamDriver driver) {
    String key = Long.toString(KEYS.incrementAndGet());
    DRIVERS.put(key, driver);
    return key;
  }

  static void forget(String key) {
    DRIVERS.remove(key);
  }

  static StreamDriver find(String key) {
    StreamDriver driver = key == null ? null : DRIVERS.get(key);
    if (driver == null) {
      throw new IllegalStateException("This source is internal to Millrace: use millrace ingest");
    }
    return driver;
  }
}
