package io.millrace.cli.drill;

/** What a drill can do beside killing a process. */
enum Fault {
  /** The broker is stopped and continued by signals: it takes connections, and answers nothing. */
  STALL("broker stalled", Of.PROCESS),
  /** The broker is killed and comes back after a while. */
  AWAY("broker away", Of.PROCESS),
  /** A second ingest begins while the first one is in the middle of a batch. */
  TWIN("second ingest", Of.PROCESS),
  /** The network to the broker carries little, and late. */
  SLOW("slow network", Of.NETWORK),
  /** Connections to the broker break in the middle of messages. */
  RESET("connections reset", Of.NETWORK),
  /** The registry refuses, then answers with errors, while records of a new schema come. */
  REGISTRY("registry down", Of.NETWORK),
  /** Ingest's disk is full. */
  FULL("disk full", Of.STORAGE),
  /** Ingest's disk takes no writes. */
  READONLY("disk read-only", Of.STORAGE),
  /** Ingest's disk is slow. */
  SLOWDISK("slow disk", Of.STORAGE),
  /** Commits are written, and ingest is told that they failed. */
  UNKNOWN("answers to commits lost", Of.STORAGE),
  /** Ingest's clock is set back and ahead. */
  CLOCK("clock jumps", Of.PROCESS);

  /** What a fault is in. */
  enum Of {
    PROCESS,
    NETWORK,
    STORAGE
  }

  private final String text;
  private final Of of;

  Fault(String text, Of of) {
    this.text = text;
    this.of = of;
  }

  /** For people. */
  String text() {
    return text;
  }

  Of of() {
    return of;
  }
}
