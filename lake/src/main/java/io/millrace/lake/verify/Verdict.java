package io.millrace.lake.verify;

import io.millrace.core.error.ExitCode;

/** What a check came to; each next one outweighs those before it. */
public enum Verdict {
  /** Everything that was asked is proven. */
  PROVEN(ExitCode.OK),
  /** Nothing wrong was seen, but Kafka or the registry did not answer, so part is unproven. */
  UNREACHABLE(ExitCode.UNREACHABLE),
  /** Nothing wrong was seen, but what it takes to prove it is not there. */
  NOT_PROVABLE(ExitCode.ANSWER_IS_NO),
  /** Something is wrong. */
  WRONG(ExitCode.ANSWER_IS_NO);

  private final ExitCode exitCode;

  Verdict(ExitCode exitCode) {
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** The weightier of the two. */
  public Verdict and(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
