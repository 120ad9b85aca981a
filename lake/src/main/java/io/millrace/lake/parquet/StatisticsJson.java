package io.millrace.lake.parquet;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A file's statistics as Delta's log wants them (Delta protocol, "Per-file Statistics"). Bounds may
 * be wider than the values, never narrower: a long string is cut, its upper bound is rounded up,
 * and so is a timestamp's, since the log keeps milliseconds. A STRUCT's members stand in an object
 * of their own; a LIST or a MAP has no bounds, and only its own nulls are counted.
 */
final class StatisticsJson {
  /**
   * Delta's default of {@code delta.dataSkippingNumIndexedCols}, which counts the members of
   * structs, each as one.
   */
  private static final int INDEXED_COLUMNS = 32;

  /** Decimals keep their digits, and are written without an exponent. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
          .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIMESTAMP_NTZ =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

  /** Years that every reader of the log can parse: 0001-01-01 to 9999-12-31. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** A struct's members, or the table's columns. */
  private record Bounds(ObjectNode minValues, ObjectNode maxValues, ObjectNode nullCount) {
    Bounds() {
      this(JSON.createObjectNode(), JSON.createObjectNode(), JSON.createObjectNode());
    }

    void put(String name, Bounds members) {
      putUnlessEmpty(minValues, name, members.minValues);
      putUnlessEmpty(maxValues, name, members.maxValues);
      putUnlessEmpty(nullCount, name, members.nullCount);
    }

    private static void putUnlessEmpty(ObjectNode parent, String name, ObjectNode members) {
      if (!members.isEmpty()) {
        parent.set(name, members);
      }
    }

    void put(String name, JsonNode min, JsonNode max) {
      minValues.set(name, min);
      maxValues.set(name, max);
    }
  }

  private int leaves;

  private StatisticsJson() {}

  static String of(List<ColumnNode> columns, long rows) {
    StatisticsJson json = new StatisticsJson();
    Bounds bounds = new Bounds();
    for (ColumnNode column : columns) {
      json.add(column, bounds);
    }
    ObjectNode root = JSON.createObjectNode();
    root.put("numRecords", rows);
    root.set("minValues", bounds.minValues);
    root.set("maxValues", bounds.maxValues);
    root.set("nullCount", bounds.nullCount);
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(ColumnNode node, Bounds bounds) {
    Column column = node.column();
    if (node instanceof ColumnNode.Struct struct) {
      Bounds members = new Bounds();
      for (ColumnNode member : struct.members()) {
        add(member, members);
      }
      bounds.put(column.name(), members);
    } else if (leaves++ < INDEXED_COLUMNS || column.role() != Column.Role.FIELD) {
      if (node instanceof ColumnNode.Repeated list) {
        bounds.nullCount.put(column.name(), list.fileNulls());
      } else {
        ColumnChunk chunk = ((ColumnNode.Leaf) node).chunk();
        bounds.nullCount.put(column.name(), chunk.fileNulls());
        addBounds(column, chunk, bounds);
      }
    }
  }

  private static void addBounds(Column column, ColumnChunk chunk, Bounds bounds) {
    if (chunk instanceof NumberChunk numbers && numbers.bounds().present()) {
      addNumbers(column, numbers.bounds(), bounds);
    } else if (chunk instanceof BytesChunk bytes && bytes.bounds().min() != null) {
      addBytes(column, bytes.bounds(), bounds);
    }
  }

  private static void addBytes(Column column, BytesBounds values, Bounds bounds) {
    ColumnType type = column.type();
    if (type.kind() == ColumnType.Kind.STRING) {
      bounds.put(
          column.name(),
          text(StringBounds.lower(values.min())),
          text(StringBounds.upper(values.max())));
    } else if (type.kind() == ColumnType.Kind.DECIMAL) {
      bounds.put(
          column.name(),
          decimal(new BigInteger(values.min()), type.scale()),
          decimal(new BigInteger(values.max()), type.scale()));
    }
  }

  private static JsonNode text(byte[] utf8) {
    return JSON.getNodeFactory().textNode(new String(utf8, StandardCharsets.UTF_8));
  }

  private static JsonNode decimal(BigInteger unscaled, int scale) {
    return JSON.getNodeFactory().numberNode(new BigDecimal(unscaled, scale));
  }

  private static void addNumbers(Column column, NumberBounds values, Bounds bounds) {
    String name = column.name();
    switch (column.type().kind()) {
      case FLOAT -> addFloats(name, values.minFloat(), values.maxFloat(), bounds);
      case DOUBLE -> addDoubles(name, values.minDouble(), values.maxDouble(), bounds);
      case DECIMAL ->
          bounds.put(
              name,
              decimal(BigInteger.valueOf(values.min()), column.type().scale()),
              decimal(BigInteger.valueOf(values.max()), column.type().scale()));
      case DATE -> addTimes(name, day(values.min()), day(values.max()), DATE, bounds);
      case TIMESTAMP -> addMicros(name, values, TIMESTAMP, bounds);
      case TIMESTAMP_NTZ -> addMicros(name, values, TIMESTAMP_NTZ, bounds);
      case INT, LONG -> {
        bounds.minValues.put(name, values.min());
        bounds.maxValues.put(name, values.max());
      }
      default -> throw new IllegalStateException(column + " is not a number");
    }
  }

  private static Instant day(long day) {
    return LocalDate.ofEpochDay(day).atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  private static void addMicros(
      String name, NumberBounds micros, DateTimeFormatter formatter, Bounds bounds) {
    Instant min = Instant.EPOCH.plus(Math.floorDiv(micros.min(), 1000), ChronoUnit.MILLIS);
    Instant max = Instant.EPOCH.plus(-Math.floorDiv(-micros.max(), 1000), ChronoUnit.MILLIS);
    addTimes(name, min, max, formatter, bounds);
  }

  private static void addTimes(
      String name, Instant min, Instant max, DateTimeFormatter formatter, Bounds bounds) {
    if (!min.isBefore(FIRST) && !max.isAfter(LAST)) {
      bounds.minValues.put(name, formatter.format(min));
      bounds.maxValues.put(name, formatter.format(max));
    }
  }

  /**
   * JSON has no infinities, so they are texts, as Delta's Spark writer has them: Spark, Kernel and
   * delta-rs read these as numbers. And zero has two signs, which readers compare differently.
   */
  private static void addDoubles(String name, double min, double max, Bounds bounds) {
    bounds.put(name, number(min == 0 ? -0.0 : min), number(max == 0 ? 0.0 : max));
  }

  private static JsonNode number(double bound) {
    return Double.isFinite(bound)
        ? JSON.getNodeFactory().numberNode(bound)
        : JSON.getNodeFactory().textNode(Double.toString(bound));
  }

  private static void addFloats(String name, float min, float max, Bounds bounds) {
    bounds.put(name, number(min == 0 ? -0.0f : min), number(max == 0 ? 0.0f : max));
  }

  private static JsonNode number(float bound) {
    return Float.isFinite(bound)
        ? JSON.getNodeFactory().numberNode(bound)
        : JSON.getNodeFactory().textNode(Float.toString(bound));
  }
}
