package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** The background process: a stack in the foreground of a process that nobody watches. */
final class SupervisorMain {
  private SupervisorMain() {}

  /**
   * @param args the directory, then the ports of broker, controller and registry, 0 where not asked
   *     for
   */
  public static void main(String[] args) {
    // Neither the terminal's end nor its Ctrl-C is meant for this process.
    Signal.handle(new Signal("HUP"), SignalHandler.SIG_IGN);
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    Path root = Path.of(args[0]);
    LocalStack.Options options =
        new LocalStack.Options(
            Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    try {
      Supervisor.runInForeground(root, options, state -> {});
    } catch (MillraceException e) {
      StartError.of(e).write(root);
      e.printStackTrace();
      System.exit(e.exitCode().code());
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      System.exit(ExitCode.INTERNAL.code());
    }
  }
}
