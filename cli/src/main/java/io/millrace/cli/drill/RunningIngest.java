package io.millrace.cli.drill;

import io.millrace.cli.ChildCommand;
import io.millrace.core.fault.CrashFile;

/**
 * An ingest of the drill.
 *
 * @param crashes where it says how far it has come, and may be told to hold; its own
 */
record RunningIngest(ChildCommand process, CrashFile crashes) {
  /** How the owner of a ledger begins that this process has committed. */
  String owner() {
    return process.pid() + "@";
  }
}
