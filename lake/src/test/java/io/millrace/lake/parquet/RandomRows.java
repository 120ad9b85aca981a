package io.millrace.lake.parquet;

import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.TableLayout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random types and random values of them, as {@link Rows} has them. */
final class RandomRows {
  /** Every flat type, and decimals of each width. */
  static final List<ColumnType> FLAT = flat();

  private final Random random;
  private final double nulls;
  private final int mostItems;

  /**
   * @param nulls share of nulls at every level
   * @param mostItems of a list or map
   */
  RandomRows(Random random, double nulls, int mostItems) {
    this.random = random;
    this.nulls = nulls;
    this.mostItems = mostItems;
  }

  private static List<ColumnType> flat() {
    List<ColumnType> types = new ArrayList<>(ColumnType.flatTypes());
    types.add(ColumnType.decimal(9, 2));
    types.add(ColumnType.decimal(18, 0));
    types.add(ColumnType.decimal(38, 10));
    return types;
  }

  static TableLayout layout(Random random, int depth) {
    List<ColumnType> types = new ArrayList<>();
    int columns = 1 + random.nextInt(4);
    for (int i = 0; i < columns; i++) {
      types.add(type(random, depth));
    }
    return Rows.layout(types);
  }

  private static ColumnType type(Random random, int depth) {
    int choice = depth == 0 ? 3 : random.nextInt(4);
    return switch (choice) {
      case 0 -> ColumnType.list(type(random, depth - 1));
      case 1 -> ColumnType.map(type(random, depth - 1));
      case 2 -> {
        List<Column> members = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
          members.add(Column.field("m" + i, type(random, depth - 1)));
        }
        yield ColumnType.struct(members);
      }
      default -> FLAT.get(random.nextInt(FLAT.size()));
    };
  }

  List<Object[]> rows(TableLayout layout, int count) {
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(layout.columns().stream().map(column -> value(column.type())).toArray());
    }
    return rows;
  }

  Object value(ColumnType type) {
    if (random.nextDouble() < nulls) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case LONG -> random.nextLong();
      case FLOAT -> random.nextFloat() - 0.5f;
      case DOUBLE -> random.nextInt(20) * 1.5e300;
      case STRING -> random.nextInt(3) == 0 ? "ärger €" + random.nextInt() : "s" + small();
      case BINARY -> ByteBuffer.wrap(Long.toString(random.nextLong()).getBytes());
      case DATE -> 20_000 + small();
      case TIMESTAMP, TIMESTAMP_NTZ -> 1_700_000_000_000_000L + random.nextInt();
      case DECIMAL -> decimal(type);
      case STRUCT -> {
        List<Object> members = new ArrayList<>();
        type.members().forEach(member -> members.add(value(member.type())));
        yield members;
      }
      case LIST -> {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(mostItems + 1); i > 0; i--) {
          items.add(value(type.element()));
        }
        yield items;
      }
      case MAP -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(mostItems + 1); i > 0; i--) {
          entries.put("k" + i + "-" + small(), value(type.mapValue()));
        }
        yield entries;
      }
    };
  }

  private int small() {
    return random.nextInt(30);
  }

  /** Of any number of digits that the type has, half of them negative. */
  private BigDecimal decimal(ColumnType type) {
    int digits = 1 + random.nextInt(type.precision());
    BigInteger magnitude = new BigInteger(130, random).mod(BigInteger.TEN.pow(digits));
    return new BigDecimal(random.nextBoolean() ? magnitude : magnitude.negate(), type.scale());
  }
}
