package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker's process as its parent sees it. */
final class BrokerProcess {
  private static final Logger log = LoggerFactory.getLogger(BrokerProcess.class);

  /** Longer than the broker's own limit, after which it halts by itself. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final StackDirectory directory;

  private BrokerProcess(Process process, StackDirectory directory) {
    this.process = process;
    this.directory = directory;
  }

  static BrokerProcess start(StackDirectory directory, String clusterId) {
    ProcessBuilder builder = new ProcessBuilder(command(directory, clusterId));
    builder.environment().put("CLASSPATH", ChildJvm.classPath());
    builder.redirectErrorStream(true);
    builder.redirectOutput(directory.brokerOutput().toFile());
    try {
      BrokerProcess broker = new BrokerProcess(builder.start(), directory);
      log.atInfo().addKeyValue("pid", broker.pid()).log("broker process started");
      return broker;
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "can't start the broker's process",
          String.valueOf(e.getMessage()),
          "Check that the directory " + directory.root() + " is writable and that java runs",
          e);
    }
  }

  private static List<String> command(StackDirectory directory, String clusterId) {
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.javaCommand());
    command.addAll(ChildJvm.classData());
    command.addAll(
        List.of(
            "-Xms128m",
            "-Xmx1g",
            // Few live objects and two cores: one collector thread takes the least CPU time.
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            "-Dlog4j2.configurationFile=classpath:io/millrace/embedded/broker-log4j2.properties",
            "-Dmillrace.broker.log=" + directory.brokerLog()));
    String more = System.getenv(LocalStack.BROKER_OPTIONS_VARIABLE);
    if (more != null && !more.isBlank()) {
      command.addAll(List.of(more.strip().split("\\s+", -1)));
    }
    command.addAll(
        List.of(
            BrokerMain.class.getName(),
            directory.brokerSettings().toString(),
            clusterId,
            directory.brokerLock().toString()));
    return command;
  }

  long pid() {
    return process.pid();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd("killing the broker");
  }

  /** Lets it shut down cleanly; returns when the process is gone. */
  void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroy();
    }
    if (!awaitEnd("stopping the broker")) {
      kill();
    }
  }

  /** The error to show for a broker that ended by itself or doesn't become ready. */
  MillraceException failure(String what) {
    String reason =
        alive() ? "it runs but doesn't answer" : "it ended with code " + process.exitValue();
    List<String> causes = BrokerLog.causes(directory.brokerOutput(), directory.brokerLog());
    return new MillraceException(
        ExitCode.UNREACHABLE,
        what,
        causes.isEmpty() ? reason : reason + ": " + String.join("; ", causes),
        "See " + directory.brokerLog());
  }

  private boolean awaitEnd(String doing) {
    try {
      return process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw Interrupts.exception(doing, e);
    }
  }
}
