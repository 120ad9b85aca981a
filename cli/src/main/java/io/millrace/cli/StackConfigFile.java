package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The config of a local stack, {@code millrace.yaml} in its directory: written once, then the
 * user's. Only addresses that moved are changed in it.
 */
public final class StackConfigFile {
  /** The stream that the config is written with. */
  public static final String STREAM = "user-events";

  private static final String TEMPLATE =
      """
      # Written by Millrace once; yours to edit. docs/config.md describes every key.
      kafka:
        bootstrap.servers: %s
      registry:
        url: %s
      streams:
        user-events:
          topic: user-events
          table: lake/bronze/user_events
      """;

  private static final Pattern BROKER =
      Pattern.compile("(?m)^(  bootstrap\\.servers: )(127\\.0\\.0\\.1:\\d+)[ \\t]*$");
  private static final Pattern REGISTRY =
      Pattern.compile("(?m)^(  url: )(http://127\\.0\\.0\\.1:\\d+)[ \\t]*$");

  private StackConfigFile() {}

  /** What {@link #write} did. */
  public enum Outcome {
    /** There was no file. */
    WRITTEN,
    /** The file had these addresses, or the user's own. */
    KEPT,
    /** The file had other ports. */
    ADDRESSES_CHANGED
  }

  /** Where the file of a stack is. */
  public static Path in(Path directory) {
    return directory.toAbsolutePath().normalize().resolve("millrace.yaml");
  }

  /** Writes the file where it is missing; else brings its addresses up to date. */
  public static Outcome write(Path directory, String bootstrapServers, String registryUrl) {
    Path file = in(directory);
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, TEMPLATE.formatted(bootstrapServers, registryUrl));
        return Outcome.WRITTEN;
      }
      String before = Files.readString(file);
      String after = replace(REGISTRY, replace(BROKER, before, bootstrapServers), registryUrl);
      if (after.equals(before)) {
        return Outcome.KEPT;
      }
      Files.writeString(file, after);
      return Outcome.ADDRESSES_CHANGED;
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "The config " + file + " can't be written",
          String.valueOf(e),
          "Check the directory's owner and mode, or name another one with --dir",
          e);
    }
  }

  private static String replace(Pattern pattern, String text, String address) {
    return pattern.matcher(text).replaceFirst("$1" + Matcher.quoteReplacement(address));
  }
}
