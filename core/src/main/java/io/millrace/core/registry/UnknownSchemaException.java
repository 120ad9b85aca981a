package io.millrace.core.registry;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** The registry has answered, and there is no Avro schema behind what it was asked for. */
public final class UnknownSchemaException extends MillraceException {
  private static final long serialVersionUID = 1L;

  private final boolean mayCome;

  /**
   * @param mayCome whether the registry may know it later
   * @param cause may be null
   */
  public UnknownSchemaException(
      String problem, String reason, String remedy, boolean mayCome, Throwable cause) {
    super(ExitCode.USAGE, problem, reason, remedy, cause);
    this.mayCome = mayCome;
  }

  /** Whether the registry may know it later: its replicas lag. */
  public boolean mayCome() {
    return mayCome;
  }
}
