package io.millrace.lake.parquet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * A file's statistics as Delta's log wants them (Delta protocol, "Per-file Statistics"). Bounds may
 * be wider than the values, never narrower: a long string is cut, its upper bound is rounded up,
 * and so is a timestamp's, since the log keeps milliseconds.
 */
final class StatisticsJson {
  /** Delta's default of {@code delta.dataSkippingNumIndexedCols}. */
  private static final int INDEXED_COLUMNS = 32;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

  /** Years that every reader of the log can parse: 0001-01-01 to 9999-12-31. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final ObjectNode root = JSON.createObjectNode();
  private final ObjectNode minValues = JSON.createObjectNode();
  private final ObjectNode maxValues = JSON.createObjectNode();
  private final ObjectNode nullCount = JSON.createObjectNode();

  private StatisticsJson() {}

  static String of(TableLayout layout, ColumnChunk[] chunks, long rows) {
    StatisticsJson json = new StatisticsJson();
    json.root.put("numRecords", rows);
    for (int i = 0; i < chunks.length; i++) {
      Column column = layout.columns().get(i);
      if (i < INDEXED_COLUMNS || column.role() != Column.Role.FIELD) {
        json.add(column, chunks[i]);
      }
    }
    json.root.set("minValues", json.minValues);
    json.root.set("maxValues", json.maxValues);
    json.root.set("nullCount", json.nullCount);
    return json.root.toString();
  }

  private void add(Column column, ColumnChunk chunk) {
    nullCount.put(column.name(), chunk.fileNulls());
    if (chunk instanceof NumberChunk numbers && numbers.bounds().present()) {
      addNumbers(column, numbers.bounds());
    } else if (chunk instanceof BytesChunk bytes
        && column.type().kind() == ColumnType.Kind.STRING
        && bytes.bounds().min() != null) {
      minValues.put(column.name(), text(StringBounds.lower(bytes.bounds().min())));
      maxValues.put(column.name(), text(StringBounds.upper(bytes.bounds().max())));
    }
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private void addNumbers(Column column, NumberBounds bounds) {
    String name = column.name();
    switch (column.type().kind()) {
      case DOUBLE -> addDoubles(name, bounds.minDouble(), bounds.maxDouble());
      case DATE ->
          addTimes(
              name,
              LocalDate.ofEpochDay(bounds.min()).atStartOfDay().toInstant(ZoneOffset.UTC),
              LocalDate.ofEpochDay(bounds.max()).atStartOfDay().toInstant(ZoneOffset.UTC),
              DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC));
      case TIMESTAMP ->
          addTimes(
              name,
              instant(Math.floorDiv(bounds.min(), 1000)),
              instant(-Math.floorDiv(-bounds.max(), 1000)),
              TIMESTAMP);
      case INT, LONG -> {
        minValues.put(name, bounds.min());
        maxValues.put(name, bounds.max());
      }
      default -> throw new IllegalStateException(column + " is not a number");
    }
  }

  private static Instant instant(long millis) {
    return Instant.EPOCH.plus(millis, ChronoUnit.MILLIS);
  }

  private void addTimes(String name, Instant min, Instant max, DateTimeFormatter formatter) {
    if (!min.isBefore(FIRST) && !max.isAfter(LAST)) {
      minValues.put(name, formatter.format(min));
      maxValues.put(name, formatter.format(max));
    }
  }

  /**
   * JSON has no infinities, so they are texts, as Delta's Spark writer has them: Spark, Kernel and
   * delta-rs read these as numbers. And zero has two signs, which readers compare differently.
   */
  private void addDoubles(String name, double min, double max) {
    putDouble(minValues, name, min == 0 ? -0.0 : min);
    putDouble(maxValues, name, max == 0 ? 0.0 : max);
  }

  private static void putDouble(ObjectNode bounds, String name, double bound) {
    if (Double.isFinite(bound)) {
      bounds.put(name, bound);
    } else {
      bounds.put(name, Double.toString(bound));
    }
  }
}
