package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.Signals;
import java.nio.file.Path;

/** The background process: a stack in the foreground of a process that nobody watches. */
final class SupervisorMain {
  private SupervisorMain() {}

  /**
   * Ends with SIGTERM, or with a file that says why the stack did not start.
   *
   * @param args the directory, then the ports of broker, controller and registry, 0 where not asked
   *     for
   */
  public static void main(String[] args) throws Exception {
    Signals.ignoreTerminal();
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
