package io.millrace.core.process;

import io.millrace.core.error.ExitCode;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What this process does when the operating system signals it. Java has no API for that; every JDK
 * has {@link Signal}, in the module jdk.unsupported.
 */
public final class Signals {
  private Signals() {}

  /**
   * From now on SIGTERM and SIGINT ask the returned signal to stop. They no longer end the process:
   * the caller does, once its work has returned. (A shutdown hook would be too late: those of Spark
   * and Kafka run at the same time.) A second one of them ends the process at once, with {@link
   * ExitCode#INTERRUPTED}.
   */
  public static StopSignal stopOnTermination() {
    StopSignal stop = new StopSignal();
    handle(
        signal -> {
          if (stop.isAsked()) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
          }
          stop.ask();
        },
        "TERM",
        "INT");
    return stop;
  }

  /**
   * Ignores Ctrl-C and the terminal's end, which a terminal sends to every process started from it.
   * When this process stops is for another one to say.
   */
  public static void ignoreTerminal() {
    handle(SignalHandler.SIG_IGN, "INT", "HUP");
  }

  private static void handle(SignalHandler handler, String... names) {
    for (String name : names) {
      Signal.handle(new Signal(name), handler);
    }
  }
}
