package io.millrace.lake.delta;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The Hadoop configuration that every reader and writer of a table uses. One place knows the
 * defaults, so that Delta Kernel in our driver, our tasks and delta-spark agree on them.
 */
public final class LakeConfiguration {
  /** Log store class of each file system scheme; the only ones that keep two writers apart. */
  private static final Map<String, String> LOG_STORES =
      Map.of(
          "file", LocalLogStore.class.getName(),
          "s3a", S3LogStore.class.getName());

  private LakeConfiguration() {}

  /**
   * Millrace's defaults (atomic log stores, no .crc side files on local disks, S3A tuning),
   * overlaid with the user's {@code hadoop:} properties.
   */
  public static Configuration of(Map<String, String> hadoop) {
    Configuration configuration = new Configuration();
    properties(hadoop).forEach(configuration::set);
    return configuration;
  }

  /**
   * The same as plain properties: what a Spark session needs, each under {@code spark.hadoop.}, so
   * that its executors use what the driver uses.
   */
  public static Map<String, String> properties(Map<String, String> hadoop) {
    Map<String, String> properties = new LinkedHashMap<>();
    LOG_STORES.forEach(
        (scheme, store) -> properties.put("io.delta.kernel.logStore." + scheme + ".impl", store));

    // Hadoop's default local file system writes a checksum file beside each file (.name.crc),
    // which other writers do not keep up to date. Hadoop caches file systems by scheme and not by
    // configuration: without the cache nobody else in this JVM decides which class we get.
    properties.put("fs.file.impl", "org.apache.hadoop.fs.RawLocalFileSystem");
    properties.put("fs.file.impl.disable.cache", "true");
    properties.put("fs.AbstractFileSystem.file.impl", "org.apache.hadoop.fs.local.RawLocalFs");

    // Data files go to S3 as they are written, part by part, without a temporary file. A stream
    // holds up to fs.s3a.fast.upload.active.blocks (4) parts in direct memory: about 64 MB.
    properties.put("fs.s3a.fast.upload.buffer", "bytebuffer");
    properties.put("fs.s3a.multipart.size", "16M");
    // Hadoop's own settings try again for minutes before anybody hears of it, and the stream is
    // started again anyway: each request is given up after some 10 seconds of errors.
    properties.put("fs.s3a.attempts.maximum", "2");
    properties.put("fs.s3a.retry.limit", "3");
    properties.put("fs.s3a.retry.interval", "500ms");
    properties.put("fs.s3a.retry.throttle.limit", "3");
    properties.put("fs.s3a.retry.throttle.interval", "500ms");
    properties.put("fs.s3a.connection.establish.timeout", "5s");
    // Log files are small and read once, from start to end: one GET each.
    properties.put("fs.s3a.input.stream.type", "classic");

    properties.putAll(hadoop);
    return properties;
  }

  /**
   * The properties by which delta-spark finds the same log stores. Every writer of a table must use
   * them: one that does not can overwrite the others' commits.
   */
  public static Map<String, String> sparkLogStores() {
    Map<String, String> properties = new LinkedHashMap<>();
    LOG_STORES.forEach(
        (scheme, store) -> properties.put("spark.delta.logStore." + scheme + ".impl", store));
    return properties;
  }
}
