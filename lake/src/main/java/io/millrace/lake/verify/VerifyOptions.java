package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import java.util.List;
import java.util.Set;

/**
 * What to verify and how.
 *
 * @param streams names of the streams; empty means all of the config
 * @param manifests producers' manifests, of any of the streams' topics
 * @param values when to compare column values as well
 * @param threads threads that read, at least 1
 */
public record VerifyOptions(
    Set<String> streams, List<Manifest> manifests, Values values, int threads) {
  /** When column values are compared with the topic's records, besides offsets. */
  public enum Values {
    /** For streams with a manifest. */
    WITH_MANIFEST,
    ALWAYS,
    NEVER
  }

  public VerifyOptions {
    streams = Set.copyOf(streams);
    manifests = List.copyOf(manifests);
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, is " + threads);
    }
  }

  /** All streams, no manifest, one thread a core. */
  public static VerifyOptions defaults() {
    return new VerifyOptions(
        Set.of(),
        List.of(),
        Values.WITH_MANIFEST,
        Math.max(1, Runtime.getRuntime().availableProcessors()));
  }
}
