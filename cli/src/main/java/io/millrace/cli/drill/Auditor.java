package io.millrace.cli.drill;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.verify.StreamReport;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyOptions.Since;
import io.millrace.lake.verify.VerifyOptions.Values;
import java.util.List;
import java.util.Set;

/** Verifies what came since it was called last, and everything at the end. One thread. */
final class Auditor {
  private static final int THREADS = 2;

  private final MillraceConfig config;
  private long audited = -1;

  Auditor(MillraceConfig config) {
    this.config = config;
  }

  /** What came since the last call; rows and topic may grow meanwhile. */
  StreamReport increment() {
    StreamReport report =
        verify(Values.NEVER, List.of(), audited < 0 ? null : Since.version(audited));
    audited = report.version();
    return report;
  }

  /**
   * All of it, column values included.
   *
   * @param accounts of all who sent records
   */
  StreamReport all(List<Manifest> accounts) {
    return verify(Values.ALWAYS, accounts, null);
  }

  private StreamReport verify(Values values, List<Manifest> accounts, Since since) {
    return Verifier.verify(
            config,
            new VerifyOptions(Set.of(), accounts, values, THREADS, since),
            (stream, phase, done, total) -> {})
        .streams()
        .get(0);
  }
}
