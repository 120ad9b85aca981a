package io.millrace.ingest.driver;

import io.millrace.core.error.MillraceException;
import io.millrace.lake.state.StreamState;
import io.millrace.lake.state.StreamState.Doing;
import io.millrace.lake.state.StreamStateFile;
import java.time.InstantSource;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Says how a stream is doing, where that changes. Safe for use by several threads. */
final class Announcer implements AutoCloseable {
  private final String stream;
  private final InstantSource clock;
  private final Configuration hadoop;
  private StreamStateFile file;
  private StreamState last;

  Announcer(String stream, Configuration hadoop, InstantSource clock) {
    this.stream = stream;
    this.hadoop = hadoop;
    this.clock = clock;
  }

  /** The stream's table is there; nothing is said before. */
  synchronized void opened(String table) {
    if (file == null) {
      file = new StreamStateFile(hadoop, table, stream);
    }
  }

  /**
   * @param failures how often the stream has failed since its last committed batch
   * @param waiting partitions that wait for a record's schema
   */
  void running(int failures, List<String> waiting) {
    say(Doing.RUNNING, failures, 0, null, waiting);
  }

  void failing(int failures, MillraceException cause) {
    say(Doing.FAILING, failures, 0, cause.getMessage(), List.of());
  }

  void stopped(MillraceException cause) {
    say(
        Doing.STOPPED,
        0,
        cause == null ? 0 : cause.exitCode().code(),
        cause == null ? null : cause.getMessage(),
        List.of());
  }

  private synchronized void say(
      Doing doing, int failures, int exitCode, String cause, List<String> waiting) {
    boolean same = last != null && last.doing() == doing && last.failures() == failures;
    if (file == null || (same && last.waiting().equals(waiting))) {
      return;
    }
    last =
        new StreamState(
            StreamState.FORMAT,
            stream,
            doing,
            clock.instant().toString(),
            ThisHost.name(),
            ProcessHandle.current().pid(),
            failures,
            exitCode,
            cause,
            waiting);
    file.say(last);
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      file.close();
    }
  }
}
