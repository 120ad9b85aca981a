package io.millrace.lake.verify;

import io.millrace.core.config.MillraceConfig;

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
    throw new IllegalStateException("to be written");
  }
}
