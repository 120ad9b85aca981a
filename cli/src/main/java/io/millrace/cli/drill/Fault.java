package io.millrace.cli.drill;

/** What a drill can do beside killing a process. */
enum Fault {
  /** The broker is stopped and continued by signals: it takes connections, and answers nothing. */
  STALL("broker stalled"),
  /** The broker is killed and comes back after a while. */
  AWAY("broker away"),
  /** A second ingest begins while the first one is in the middle of a batch. */
  TWIN("second ingest");

  private final String text;

  Fault(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }
}
