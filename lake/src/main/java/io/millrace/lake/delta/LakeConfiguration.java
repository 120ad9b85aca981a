package io.millrace.lake.delta;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** The Hadoop configuration that every reader and writer of a table uses. */
public final class LakeConfiguration {
  private LakeConfiguration() {}

  /**
   * Millrace's defaults (atomic log stores, no .crc side files on local disks, S3A tuning),
   * overlaid with the user's {@code hadoop:} properties.
   */
  public static Configuration of(Map<String, String> hadoop) {
    throw new IllegalStateException("to be written");
  }
}
