package io.millrace.ingest.task;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.ingest.sql.SqlColumns;
import io.millrace.ingest.sql.SqlTransform;
import io.millrace.lake.delta.LakeConfiguration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream's SQL before the first record is met: for the fields of the latest schema of the
 * stream's subject, and of those that were the latest at a start before, which are kept beside the
 * table. So a new schema, or a registry that is away, keeps no stream from starting.
 */
public final class SqlStart {
  private static final Logger log = LoggerFactory.getLogger(SqlStart.class);

  private final SchemaFiles files;
  private final StreamConfig stream;

  /** The schemas of starts before, the oldest first, each with something that the others lack. */
  private final List<Schema> kept;

  private final Schema latest;
  private final SqlTransform transform;
  private List<Schema> schemas;

  private SqlStart(
      SchemaFiles files,
      StreamConfig stream,
      List<Schema> kept,
      Schema latest,
      Optional<TableLayout> table) {
    this.files = files;
    this.stream = stream;
    this.kept = kept;
    this.latest = latest;
    this.transform = choose(table);
  }

  /**
   * Empty where the stream has no SQL.
   *
   * @param table the data columns of the stream's table, if there is one
   * @throws MillraceException {@code USAGE} where it can't be used; the registry's where it does
   *     not give the schema and none is kept
   */
  public static Optional<SqlStart> of(
      MillraceConfig config, StreamConfig stream, Optional<TableLayout> table) {
    if (stream.sql().isEmpty()) {
      return Optional.empty();
    }
    SchemaFiles files = new SchemaFiles(LakeConfiguration.of(config.hadoop()), stream.table());
    List<Schema> kept = new ArrayList<>();
    for (int i = 1; files.read(earlier(stream, i)).isPresent(); i++) {
      kept.add(files.read(earlier(stream, i)).get());
    }
    files.read(last(stream)).ifPresent(kept::add);
    Schema latest;
    try (SchemaRegistry registry = new RestSchemaRegistry(config.registry())) {
      latest = registry.latest(stream.subject()).schema();
    } catch (MillraceException e) {
      if (kept.isEmpty()) {
        throw e;
      }
      log.atWarn()
          .addKeyValue("stream", stream.name())
          .addKeyValue("cause", e.reason())
          .log("the sql starts with the schema of the last start");
      latest = kept.get(kept.size() - 1);
    }
    return Optional.of(new SqlStart(files, stream, kept, latest, table));
  }

  private static String last(StreamConfig stream) {
    return "latest-" + stream.name();
  }

  private static String earlier(StreamConfig stream, int number) {
    return "earlier-%d-%s".formatted(number, stream.name());
  }

  /**
   * Where schemas contradict each other the newest has its way, so that the SQL can be written for
   * it; unless the SQL can't be used then: it goes on as it was, and records of the newest whose
   * types contradict are dead letters, as they were before the start.
   */
  private SqlTransform choose(Optional<TableLayout> table) {
    List<Schema> newestFirst = new ArrayList<>(kept);
    newestFirst.add(latest);
    Collections.reverse(newestFirst);
    SqlTransform newest = transform(newestFirst);
    Optional<MillraceException> refusal = refusal(newest);
    schemas = adding(newestFirst);
    if (refusal.isEmpty() && (table.isEmpty() || fits(newest, table.get()))) {
      return newest;
    }
    Collections.reverse(newestFirst);
    SqlTransform oldest = transform(newestFirst);
    if (table.isPresent() && refusal(oldest).isEmpty() && fits(oldest, table.get())) {
      schemas = adding(newestFirst);
      return oldest;
    }
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return newest;
  }

  private SqlTransform transform(List<Schema> schemas) {
    return new SqlTransform(stream.sql().orElseThrow(), fields(schemas, stream.numberTypes()));
  }

  private static TableLayout fields(List<Schema> schemas, NumberTypes numbers) {
    TableLayout layout = new TableLayout(List.of());
    for (Schema schema : schemas) {
      layout = AvroTables.widen(layout, schema, numbers).layout();
    }
    return layout;
  }

  /** Without those that add nothing to the ones before. */
  private List<Schema> adding(List<Schema> all) {
    List<Schema> adding = new ArrayList<>();
    for (Schema schema : all) {
      TableLayout without = fields(adding, stream.numberTypes());
      if (!AvroTables.widen(without, schema, stream.numberTypes()).layout().equals(without)) {
        adding.add(schema);
      }
    }
    return List.copyOf(adding);
  }

  private boolean fits(SqlTransform candidate, TableLayout table) {
    return SqlColumns.into(table, candidate.compile(stream.numberTypes(), List.of()).output())
        .refusals()
        .isEmpty();
  }

  private Optional<MillraceException> refusal(SqlTransform candidate) {
    try {
      candidate.compile(stream.numberTypes(), List.of());
      return Optional.empty();
    } catch (MillraceException e) {
      return Optional.of(
          new MillraceException(
              e.exitCode(),
              "The sql of stream %s can't be used".formatted(stream.name()),
              e.reason(),
              e.remedy(),
              e));
    }
  }

  public SqlTransform transform() {
    return transform;
  }

  /** Those of which it reads the fields, in the order in which they were added to each other. */
  public List<Schema> schemas() {
    return schemas;
  }

  /** Keeps the latest schema beside the table, and that of the last start where it has more. */
  public void keep() {
    if (!kept.isEmpty()) {
      Schema last = kept.get(kept.size() - 1);
      List<Schema> others = new ArrayList<>(kept.subList(0, kept.size() - 1));
      int next = others.size() + 1;
      others.add(latest);
      TableLayout without = fields(others, stream.numberTypes());
      if (!AvroTables.widen(without, last, stream.numberTypes()).layout().equals(without)) {
        files.write(earlier(stream, next), last);
      }
    }
    files.write(last(stream), latest);
  }
}
