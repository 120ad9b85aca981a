package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SupervisorIT {
  @TempDir private Path directory;

  @AfterEach
  void stop() {
    Supervisor.stop(directory);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void runsInTheBackgroundUntilStoppedAndTakesItsBrokerWithItWhenKilled() throws Exception {
    // Given nothing
    assertThat(Supervisor.status(directory).running()).isEmpty();
    assertThat(Supervisor.stop(directory)).isFalse();

    // When started, twice at once
    CompletableFuture<Supervisor.Started> other =
        CompletableFuture.supplyAsync(
            () -> Supervisor.start(directory, LocalStack.Options.DEFAULT));
    Supervisor.Started one = Supervisor.start(directory, LocalStack.Options.DEFAULT);
    Supervisor.Started first = one.wasRunning() ? other.join() : one;
    Supervisor.Started second = one.wasRunning() ? one : other.join();

    // Then one runs, in a session of its own, and answers
    assertThat(first.wasRunning()).isFalse();
    assertThat(second).isEqualTo(new Supervisor.Started(first.state(), true));
    StackStatus status = Supervisor.status(directory);
    assertThat(status.running()).contains(first.state());
    assertThat(status.brokerAnswers()).isTrue();
    assertThat(status.registryAnswers()).isTrue();
    assertThat(status.topics()).hasValue(0);
    assertThat(session(first.state().pid())).isEqualTo(first.state().pid());

    // And it keeps its ports, which it says where others are asked for
    int port = Integer.parseInt(first.state().bootstrapServers().split(":", 2)[1]);
    LocalStack.Options same = new LocalStack.Options(port, 0, 0);
    assertThat(Supervisor.start(directory, same).wasRunning()).isTrue();
    for (LocalStack.Options ports :
        List.of(
            new LocalStack.Options(port == 1025 ? 1026 : 1025, 0, 0),
            new LocalStack.Options(0, port, 0),
            new LocalStack.Options(0, 0, port))) {
      assertThatThrownBy(() -> Supervisor.start(directory, ports))
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContaining("run already")
          .hasMessageContaining(port + " (broker)")
          .hasMessageContaining("millrace down --dir " + directory);
    }

    // When the broker is killed, then the supervisor starts it again
    StackState restarted = killBrokerAndAwaitOther(first.state().brokerPid());
    assertThat(restarted.bootstrapServers()).isEqualTo(first.state().bootstrapServers());
    assertThat(Supervisor.status(directory).brokerAnswers()).isTrue();

    // When the supervisor is killed, then its broker ends
    ProcessHandle broker = ProcessHandle.of(restarted.brokerPid()).orElseThrow();
    ProcessHandle.of(first.state().pid()).orElseThrow().destroyForcibly();
    broker.onExit().get(60, TimeUnit.SECONDS);
    assertThat(Supervisor.status(directory).running()).isEmpty();

    // When started again, then it has the same addresses; and stopping ends both
    StackState again = Supervisor.start(directory, LocalStack.Options.DEFAULT).state();
    assertThat(again.bootstrapServers()).isEqualTo(first.state().bootstrapServers());
    assertThat(again.registryUrl()).isEqualTo(first.state().registryUrl());
    assertThat(Supervisor.stop(directory)).isTrue();
    assertThat(ProcessHandle.of(again.pid())).isEmpty();
    assertThat(ProcessHandle.of(again.brokerPid())).isEmpty();
    assertThat(StackState.file(directory)).doesNotExist();
  }

  @Test
  void aStartThatFailsTellsTheReasonFromTheBackground() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> Supervisor.start(directory, new LocalStack.Options(0, 0, taken.getLocalPort())))
          .isInstanceOfSatisfying(
              MillraceException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
          .hasMessageContainingAll(
              "port in use", "schema registry", Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void neverStopsAnotherProcessThatHasTheIdNow() throws Exception {
    // Given a state left behind, whose id is this process's
    new StackState(
            ProcessHandle.current().pid(), Instant.EPOCH, 1, "127.0.0.1:1", "http://127.0.0.1:1")
        .write(directory);

    // When, then
    assertThat(Supervisor.status(directory).running()).isEmpty();
    assertThat(Supervisor.stop(directory)).isFalse();
  }

  /** The state is written once the broker answers; the test's time limit ends a vain wait. */
  private StackState killBrokerAndAwaitOther(long brokerPid) throws Exception {
    try (WatchService changes = directory.getFileSystem().newWatchService()) {
      directory.register(changes, StandardWatchEventKinds.ENTRY_CREATE);
      ProcessHandle.of(brokerPid).orElseThrow().destroyForcibly();
      StackState state = StackState.read(directory).orElseThrow();
      while (state.brokerPid() == brokerPid) {
        changes.take().reset();
        state = StackState.read(directory).orElseThrow();
      }
      return state;
    }
  }

  /** The sixth field of /proc/pid/stat; counted behind the name, which may hold spaces. */
  private static long session(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
  }
}
