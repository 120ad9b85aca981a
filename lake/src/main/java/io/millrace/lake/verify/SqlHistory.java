package io.millrace.lake.verify;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.delta.SqlVersionFiles;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.SqlVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** By what SQL each of a stream's records became a row, as far as that is known. Thread-safe. */
final class SqlHistory {
  /** Latest first. */
  private final List<SqlVersion> versions;

  private final SqlInterpreter interpreter;
  private volatile boolean widthMatters;

  private SqlHistory(List<SqlVersion> versions, SqlInterpreter interpreter) {
    this.versions = List.copyOf(versions);
    this.interpreter = interpreter;
  }

  /**
   * Empty where the stream has no SQL and never had one.
   *
   * @throws IOException where the storage does not answer
   */
  static Optional<SqlHistory> of(StreamConfig stream, Ledger ledger, Configuration hadoop)
      throws IOException {
    if (stream.sql().isEmpty() && ledger.sql() == null && ledger.filtered() == 0) {
      return Optional.empty();
    }
    Optional<SqlInterpreter> interpreter = SqlInterpreter.find();
    List<SqlVersion> versions = new ArrayList<>();
    Set<String> read = new HashSet<>();
    String name = interpreter.isPresent() ? ledger.sql() : null;
    while (name != null && read.add(name)) {
      Optional<SqlVersion> version = SqlVersionFiles.read(name, stream.table(), hadoop);
      version.ifPresent(versions::add);
      name = version.map(SqlVersion::before).orElse(null);
    }
    return Optional.of(new SqlHistory(versions, interpreter.orElse(null)));
  }

  /** Whether nothing is known. */
  boolean isEmpty() {
    return versions.isEmpty();
  }

  /** What holds for an offset; null where that is not known. */
  SqlVersion at(int partition, long offset) {
    for (SqlVersion version : versions) {
      if (version.begunAt(partition, offset)) {
        return version;
      }
    }
    return null;
  }

  SqlInterpreter interpreter() {
    return interpreter;
  }

  /** A record was met whose row may depend on when it was made. */
  void widthMatters() {
    widthMatters = true;
  }

  /** Whether nothing that was evaluated can be relied on. */
  boolean isVoid() {
    return widthMatters;
  }
}
