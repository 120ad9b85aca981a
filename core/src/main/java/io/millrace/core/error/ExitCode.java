package io.millrace.core.error;

/** What a command's exit code says; documented in docs/exit-codes.md and never renumbered. */
public enum ExitCode {
  /** Done, and what was asked is true. */
  OK(0),
  /** The command ran and the answer is no: verify failed, a schema is incompatible. */
  ANSWER_IS_NO(1),
  /** Wrong usage, config or input. */
  USAGE(2),
  /** A system that the command needs is not reachable: broker, registry, object store, disk. */
  UNREACHABLE(3),
  /** Stopped to protect data: going on could have lost or doubled records. */
  PROTECTED(4),
  /** A fault of Millrace itself (sysexits' EX_SOFTWARE). */
  INTERNAL(70),
  /** Ended by the user (SIGINT) before the work was done. */
  INTERRUPTED(130);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number the process exits with, 0 to 130. */
  public int code() {
    return code;
  }
}
