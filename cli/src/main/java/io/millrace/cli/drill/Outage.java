package io.millrace.cli.drill;

import io.millrace.lake.fault.StorageFaults.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A fault that lasts for a while and is over then. Used once. */
final class Outage {
  private static final Duration CLOCK_BACK = Duration.ofHours(-1);

  /** No further than what ingest bears of the clocks of two machines. */
  private static final Duration CLOCK_AHEAD = Duration.ofMinutes(4);

  private final DrillSystem system;
  private final Fault fault;
  private final long millis;
  private Optional<String> failure = Optional.empty();
  private Optional<String> note = Optional.empty();
  private long end;

  Outage(DrillSystem system, Fault fault, long millis) {
    this.system = system;
    this.fault = fault;
    this.millis = millis;
  }

  /** Returns when the system is whole again. */
  void run() throws IOException, InterruptedException {
    long before = struck();
    switch (fault) {
      case STALL -> {
        system.stallBroker();
        Thread.sleep(millis);
        system.continueBroker();
      }
      case AWAY -> {
        system.killBroker();
        Thread.sleep(millis);
        system.startBroker();
      }
      case SLOW -> broker(FaultProxy.Mode.SLOW);
      case RESET -> broker(FaultProxy.Mode.RESET);
      case REGISTRY -> registry();
      case FULL -> storage(Kind.FULL);
      case READONLY -> storage(Kind.READ_ONLY);
      case SLOWDISK -> storage(Kind.SLOW);
      case UNKNOWN -> storage(Kind.ANSWERS_LOST);
      case CLOCK -> clock();
      case TWIN -> throw new IllegalArgumentException("does not last: " + fault);
    }
    end = end == 0 ? System.currentTimeMillis() : end;
    if (fault.of() != Fault.Of.PROCESS) {
      long times = struck() - before;
      note = Optional.of("struck %d times".formatted(times));
      if (times == 0) {
        failure = Optional.of("nothing met the fault");
      }
    }
  }

  private long struck() {
    return switch (fault.of()) {
      case PROCESS -> 0;
      case NETWORK ->
          fault == Fault.REGISTRY
              ? system.network().registry().struck()
              : system.network().broker().struck();
      case STORAGE -> system.storage().struck();
    };
  }

  private void broker(FaultProxy.Mode mode) throws InterruptedException {
    system.network().broker().set(mode);
    Thread.sleep(millis);
    system.network().broker().set(FaultProxy.Mode.WELL);
  }

  private void registry() throws IOException, InterruptedException {
    FaultProxy registry = system.network().registry();
    registry.set(FaultProxy.Mode.REFUSE);
    OddRecords.Sent sent = system.odd().widen();
    Thread.sleep(millis / 2);
    registry.set(FaultProxy.Mode.HTTP_503);
    Thread.sleep(millis / 2);
    registry.set(FaultProxy.Mode.WELL);
    end = System.currentTimeMillis();
    if (!system.flow().awaitTaken(sent)) {
      failure = Optional.of("the record of the new schema was not taken");
    }
  }

  private void storage(Kind kind) throws InterruptedException {
    system.storage().set(kind);
    Thread.sleep(millis);
    system.storage().set(Kind.NOTHING);
  }

  private void clock() throws IOException, InterruptedException {
    system.crashes().setClock(CLOCK_BACK);
    Thread.sleep(millis / 2);
    Instant ahead = Instant.now().plus(CLOCK_AHEAD);
    system.crashes().setClock(CLOCK_AHEAD);
    Thread.sleep(millis / 2);
    if (!system.flow().awaitWrittenAt(ahead)) {
      failure = Optional.of("ingest did not write by the clock that was set");
    }
    system.crashes().setClock(Duration.ZERO);
  }

  /** When the fault was over, milliseconds since the epoch. */
  long end() {
    return end;
  }

  /** What should not have been. */
  Optional<String> failure() {
    return failure;
  }

  /** What else is to be said. */
  Optional<String> note() {
    return note;
  }
}
