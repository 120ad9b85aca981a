package io.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions that the build wrote into the jar. */
public final class Version implements IVersionProvider {
  /** Names and versions: {@code millrace}, {@code spark}, {@code delta}, {@code kafka}. */
  public static Properties all() {
    Properties versions = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("version.properties can't be read", e);
    }
    return versions;
  }

  @Override
  public String[] getVersion() {
    Properties v = all();
    return new String[] {
      "Millrace %s (Spark %s, Delta %s, Kafka %s, Java %s)"
          .formatted(
              v.getProperty("millrace"),
              v.getProperty("spark"),
              v.getProperty("delta"),
              v.getProperty("kafka"),
              Runtime.version())
    };
  }
}
