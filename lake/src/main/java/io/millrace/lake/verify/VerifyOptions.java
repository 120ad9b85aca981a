package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What to verify and how.
 *
 * @param streams names of the streams; empty means all of the config
 * @param manifests producers' manifests, of any of the streams' topics
 * @param values when to compare column values as well
 * @param threads threads that read, at least 1
 * @param since only what came after this is verified; null for all
 */
public record VerifyOptions(
    Set<String> streams, List<Manifest> manifests, Values values, int threads, Since since) {
  /** When column values are compared with the topic's records, besides offsets. */
  public enum Values {
    /** For streams with a manifest. */
    WITH_MANIFEST,
    ALWAYS,
    NEVER
  }

  /** The latest version up to which a table is taken as it was: by number, or by time. */
  public record Since(OptionalLong version, Optional<Instant> time) {
    public static Since version(long version) {
      return new Since(OptionalLong.of(version), Optional.empty());
    }

    public static Since time(Instant time) {
      return new Since(OptionalLong.empty(), Optional.of(time));
    }

    @Override
    public String toString() {
      return version.isPresent() ? "version " + version.getAsLong() : "" + time.orElseThrow();
    }
  }

  public VerifyOptions {
    streams = Set.copyOf(streams);
    manifests = List.copyOf(manifests);
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, is " + threads);
    }
  }

  /** Of all that the tables hold. */
  public VerifyOptions(Set<String> streams, List<Manifest> manifests, Values values, int threads) {
    this(streams, manifests, values, threads, null);
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
