package io.millrace.cli.drill;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A signal that Java can't send. */
enum Signal {
  /** The process neither runs nor ends. */
  STOP,
  /** It runs again. */
  CONT;

  void to(long process) throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("kill", "-" + name(), Long.toString(process))
            .redirectErrorStream(true)
            .start();
    if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "Process " + process + " can't be sent the signal " + name(),
          "kill ended with " + kill.exitValue(),
          "A drill needs the command kill");
    }
  }
}
