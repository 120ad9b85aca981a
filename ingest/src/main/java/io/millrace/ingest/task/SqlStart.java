package io.millrace.ingest.task;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.lake.delta.LakeConfiguration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * A stream's SQL before the first record is met: for the latest schema of the stream's subject, or
 * for the one of the last start where the registry does not answer.
 */
public final class SqlStart {
  private final SchemaFiles files;
  private final String kept;
  private final Schema latest;
  private final SqlTransform transform;

  private SqlStart(SchemaFiles files, String kept, Schema latest, SqlTransform transform) {
    this.files = files;
    this.kept = kept;
    this.latest = latest;
    this.transform = transform;
  }

  /**
   * Empty where the stream has no SQL.
   *
   * @throws MillraceException {@code USAGE} where it can't be used; {@code UNREACHABLE} where the
   *     registry does not answer and no schema is kept
   */
  public static Optional<SqlStart> of(MillraceConfig config, StreamConfig stream) {
    if (stream.sql().isEmpty()) {
      return Optional.empty();
    }
    SchemaFiles files = new SchemaFiles(LakeConfiguration.of(config.hadoop()), stream.table());
    String kept = "latest-" + stream.name();
    Schema latest;
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      latest = registry.latest(stream.subject()).schema();
    } catch (MillraceException e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      latest = files.read(kept).orElseThrow(() -> e);
    }
    TableLayout input =
        AvroTables.widen(new TableLayout(List.of()), latest, stream.numberTypes()).layout();
    SqlTransform transform = new SqlTransform(stream.sql().get(), input);
    requireUsable(stream, transform);
    return Optional.of(new SqlStart(files, kept, latest, transform));
  }

  private static void requireUsable(StreamConfig stream, SqlTransform transform) {
    try {
      transform.compile(stream.numberTypes(), List.of());
    } catch (MillraceException e) {
      throw new MillraceException(
          e.exitCode(),
          "The sql of stream %s can't be used".formatted(stream.name()),
          e.reason(),
          e.remedy(),
          e);
    }
  }

  public SqlTransform transform() {
    return transform;
  }

  /** What the SQL is compiled for. */
  public Schema schema() {
    return latest;
  }

  /** Keeps the schema beside the table, for a start without a registry. */
  public void keep() {
    files.write(kept, latest);
  }
}
