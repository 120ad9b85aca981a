package io.millrace.lake.verify;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * Proves that tables hold what their topics delivered, each record once, without believing ingest:
 * it counts the rows of one pinned version and reads the topic again.
 */
public final class Verifier {
  private Verifier() {}

  /**
   * Verifies the chosen streams one after the other. What is wrong or unproven is in the report and
   * not thrown.
   *
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where an option names a stream
   *     that the config lacks, or a manifest is of none of the streams' topics
   */
  public static VerifyReport verify(
      MillraceConfig config, VerifyOptions options, VerifyProgress progress) {
    List<StreamConfig> streams = streams(config, options);
    requireKnownTopics(streams, options);
    requireSince(streams, options);
    List<StreamReport> reports = new ArrayList<>();
    for (StreamConfig stream : streams) {
      StreamVerifier verifier =
          new StreamVerifier(config, stream, options, progress, System::nanoTime);
      try {
        reports.add(verifier.verify());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MillraceException(
            ExitCode.INTERRUPTED,
            "Verify was interrupted",
            "stream " + stream.name() + " was being read",
            "Run it again",
            e);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("verify of stream " + stream.name() + " failed", e);
      }
    }
    return VerifyReport.of(reports);
  }

  private static List<StreamConfig> streams(MillraceConfig config, VerifyOptions options) {
    if (config.streams().isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "There is nothing to verify",
          "the config has no streams",
          "Add the stream that filled the table to its section streams");
    }
    for (String name : options.streams()) {
      if (!config.streams().containsKey(name)) {
        throw new MillraceException(
            ExitCode.USAGE,
            "There is no stream " + name,
            "the config has " + String.join(", ", config.streams().keySet()),
            "Name one of these, or none to verify all");
      }
    }
    return config.streams().values().stream()
        .filter(s -> options.streams().isEmpty() || options.streams().contains(s.name()))
        .toList();
  }

  private static void requireSince(List<StreamConfig> streams, VerifyOptions options) {
    if (options.since() == null) {
      return;
    }
    if (!options.manifests().isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Manifests can't be verified since " + options.since(),
          "they account for what was sent before, too",
          "Leave out --since or the manifests");
    }
    if (options.since().version().isPresent() && streams.size() > 1) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Several streams can't be verified since " + options.since(),
          "each has a table and versions of its own",
          "Name one with --stream, or give a time");
    }
  }

  private static void requireKnownTopics(List<StreamConfig> streams, VerifyOptions options) {
    for (Manifest manifest : options.manifests()) {
      if (streams.stream().noneMatch(s -> s.topic().equals(manifest.topic()))) {
        throw new MillraceException(
            ExitCode.USAGE,
            "A manifest of topic " + manifest.topic() + " can't be verified",
            "none of the streams reads that topic",
            "Give the manifest of a topic that a verified stream reads");
      }
    }
  }
}
