package io.millrace.ingest.redrive;

import io.millrace.core.column.Column;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.ingest.task.Redecoder;
import io.millrace.ingest.task.SqlStart;
import io.millrace.ingest.task.TaskSpec;
import io.millrace.lake.deadletter.StoredDeadLetter;
import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * What is wrong with one dead letter by the schemas, the rules and the table of now.
 *
 * @param refusal empty where it would be a row now
 * @param column of the table that the refusal is about, in words; empty where it is about none
 */
public record SecondLook(Optional<Redecoder.Refusal> refusal, Optional<String> column) {
  /**
   * Decodes it again; nothing is written.
   *
   * @throws MillraceException {@code UNREACHABLE} where its schema can't be had now
   */
  public static SecondLook at(StoredDeadLetter letter, MillraceConfig config, StreamConfig stream) {
    TableLayout layout;
    String path;
    try (DeltaTable table =
        DeltaTable.open(stream.table(), LakeConfiguration.of(config.hadoop()))
            .orElseThrow(() -> Work.noTable(stream))) {
      layout = table.layout(stream.columns());
      path = table.path();
    }
    TaskSpec spec =
        TaskSpec.of(
            stream,
            "",
            config.kafkaFor(stream),
            config.registry(),
            config.hadoop(),
            path,
            layout,
            1,
            SqlStart.of(config, stream, Optional.of(layout)).map(SqlStart::transform));
    try (Redecoder decoder = new Redecoder(spec)) {
      Optional<Redecoder.Refusal> refusal = decoder.take(letter);
      return new SecondLook(refusal, refusal.flatMap(r -> column(r, layout, stream)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> column(
      Redecoder.Refusal refusal, TableLayout layout, StreamConfig stream) {
    if (stream.sql().isPresent() && !refusal.ofKey()) {
      return Optional.empty(); // a field of the record is no column then
    }
    int place =
        refusal.ofKey()
            ? layout.indexOf(Column.Role.KAFKA_KEY)
            : layout.indexOf(refusal.path().split("[.\\[]", 2)[0]);
    return place < 0
        ? Optional.empty()
        : Optional.of(
            "%s %s"
                .formatted(layout.columns().get(place).name(), layout.columns().get(place).type()));
  }
}
