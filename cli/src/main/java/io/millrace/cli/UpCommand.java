package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.embedded.LocalStack;
import io.millrace.embedded.StackState;
import io.millrace.embedded.Supervisor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace up}. */
@Command(
    name = "up",
    description =
        "Start a Kafka broker and a schema registry on this machine and keep them running.")
final class UpCommand implements Callable<Integer> {
  @Mixin private StackOptions stack;

  @Option(
      names = "--broker-port",
      paramLabel = "PORT",
      description = "Kafka's port (default: the last one of this directory, else a free one).")
  private int brokerPort;

  @Option(
      names = "--controller-port",
      paramLabel = "PORT",
      description = "Kafka's port for itself (default: likewise).")
  private int controllerPort;

  @Option(
      names = "--registry-port",
      paramLabel = "PORT",
      description = "The registry's port (default: likewise).")
  private int registryPort;

  @Option(names = "--foreground", description = "Stay in this process until it is stopped.")
  private boolean foreground;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    requirePort("--broker-port", brokerPort);
    requirePort("--controller-port", controllerPort);
    requirePort("--registry-port", registryPort);
    Path directory = stack.directory();
    LocalStack.Options options = new LocalStack.Options(brokerPort, controllerPort, registryPort);
    if (foreground) {
      Supervisor.runInForeground(
          directory, options, state -> print(directory, state, "running, Ctrl-C stops it"));
      return ExitCode.OK.code();
    }
    Supervisor.Started started = Supervisor.start(directory, options);
    print(directory, started.state(), started.wasRunning() ? "running already" : "running");
    return ExitCode.OK.code();
  }

  private void print(Path directory, StackState state, String how) {
    PrintWriter out = spec.commandLine().getOut();
    Path file = StackConfigFile.in(directory);
    String config =
        switch (StackConfigFile.write(directory, state.bootstrapServers(), state.registryUrl())) {
          case WRITTEN -> file + " (written)";
          case KEPT -> file.toString();
          case ADDRESSES_CHANGED -> file + " (its addresses were brought up to date)";
        };
    out.printf("broker    %s (process %d, %s)%n", state.bootstrapServers(), state.brokerPid(), how);
    out.printf("registry  %s%n", state.registryUrl());
    out.printf("config    %s%n", config);
    out.flush();
  }

  private static void requirePort(String option, int port) {
    Errors.requireOption(port >= 0 && port <= 65_535, option, port, "1 to 65535, or 0 for any");
  }
}
