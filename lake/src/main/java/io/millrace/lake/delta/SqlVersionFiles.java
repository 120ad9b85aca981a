package io.millrace.lake.delta;

import io.millrace.core.config.NumberTypes;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.SqlVersion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The versions of a stream's SQL, each in a file {@code <table>/_millrace/sql/...json}, written
 * before the first commit whose ledger names it and never changed.
 */
public final class SqlVersionFiles {
  private static final String DIRECTORY = "_millrace/sql";

  private SqlVersionFiles() {}

  /**
   * Names in the ledger by what SQL records become rows from here on: the version that it names
   * already where that is the same, else a new one's file.
   *
   * @param sql its text; empty where a record's fields are its row
   * @param schemas what the SQL is compiled for, see {@link SqlVersion}
   * @return the ledger as it is where the stream never had a SQL
   * @throws io.millrace.core.error.MillraceException {@code UNREACHABLE} where the storage does not
   *     answer
   */
  public static Ledger name(
      Ledger ledger,
      Optional<String> sql,
      NumberTypes numbers,
      List<String> schemas,
      String table,
      Configuration hadoop) {
    if (sql.isEmpty() && ledger.sql() == null) {
      return ledger;
    }
    SqlVersion now = SqlVersion.after(ledger, sql.orElse(null), numbers, schemas);
    try {
      if (ledger.sql() != null && read(ledger.sql(), table, hadoop).filter(now::isAs).isPresent()) {
        return ledger;
      }
      String name = "%08d-%s.json".formatted(ledger.sequence() + 1, UUID.randomUUID());
      Path file = new Path(table, DIRECTORY + "/" + name);
      try (OutputStream out = file.getFileSystem(hadoop).create(file, false)) {
        out.write(now.toJson().getBytes(StandardCharsets.UTF_8));
      }
      return ledger.by(name);
    } catch (IOException e) {
      throw LakeErrors.storage("The text of the stream's sql can't be kept beside the table", e);
    }
  }

  /** Empty where there is no such file, or it holds something else. */
  public static Optional<SqlVersion> read(String name, String table, Configuration hadoop)
      throws IOException {
    Path file = new Path(table, DIRECTORY + "/" + name);
    try (var in = file.getFileSystem(hadoop).open(file)) {
      return Optional.of(
          SqlVersion.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (FileNotFoundException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
