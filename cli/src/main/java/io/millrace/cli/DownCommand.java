package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.embedded.Supervisor;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code millrace down}. */
@Command(name = "down", description = "Stop what `up` started; topics, schemas and tables stay.")
final class DownCommand implements Callable<Integer> {
  @Mixin private StackOptions stack;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    boolean stopped = Supervisor.stop(stack.directory());
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        stopped
            ? "stopped; the data stays in " + stack.directory()
            : "nothing runs over " + stack.directory());
    out.flush();
    return ExitCode.OK.code();
  }
}
