package io.millrace.core.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * Where a process says how far it has come, for drills. Without the system property {@value
 * #PROPERTY}, which only the one who starts the process can give and no config can, a call does
 * nothing. With it a thread can be told to stay at a point, so that a drill kills the process right
 * there, or has it go on when the world has changed, and the process's clock can be set. Nothing
 * here changes data.
 */
public final class CrashPoints {
  /** The path of a {@link CrashFile}. */
  public static final String PROPERTY = "millrace.crashpoints";

  private static final long LOOK_NANOS = 1_000_000;

  /** A constant for the compiler, so that a call costs nothing where there is none. */
  private static final CrashFile FILE = open(System.getProperty(PROPERTY));

  private CrashPoints() {}

  private static CrashFile open(String path) {
    try {
      return path == null ? null : CrashFile.open(Path.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException("The file of " + PROPERTY + " can't be opened", e);
    }
  }

  /** This thread is at that point; it stays there where a drill wants it to. */
  public static void reach(CrashPoint point) {
    if (FILE != null && FILE.reached(point)) {
      while (FILE.held().isPresent()) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /** The machine's clock; with a drill, as wrong as that wants it to be. */
  public static InstantSource clock() {
    InstantSource machine = InstantSource.system();
    return FILE == null ? machine : () -> machine.instant().plus(FILE.clockAhead());
  }
}
