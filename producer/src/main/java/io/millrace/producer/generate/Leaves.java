package io.millrace.producer.generate;

import java.math.BigInteger;
import java.util.function.Consumer;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Writers of the types that hold no others. */
final class Leaves {
  private static final long MICROS_A_DAY = 86_400_000_000L;
  private static final int MOST_BYTES = 16;
  private static final int MOST_KEY_CHARS = 8;

  /** What Avro's map keys are. */
  static final Schema MAP_KEY = Schema.create(Schema.Type.STRING);

  private Leaves() {}

  static Writer writer(Schema schema, Hint hint, String path) {
    if (hint.values() != null) {
      return Choices.of(schema, hint, path);
    }
    boolean range = hint.min() != null || hint.max() != null || hint.cardinality() > 0;
    LogicalType logical = schema.getLogicalType();
    if (logical != null && !range) {
      Writer writer = logical(schema, logical);
      if (writer != null) {
        return writer;
      }
    }
    return switch (schema.getType()) {
      case NULL -> leaf(draft -> {});
      case BOOLEAN -> leaf(draft -> draft.putByte((int) (draft.next() >>> 63)));
      case INT -> whole(hint, Integer.MIN_VALUE, Integer.MAX_VALUE, path);
      case LONG -> whole(hint, Long.MIN_VALUE, Long.MAX_VALUE, path);
      case FLOAT -> {
        double min = number(hint.min(), -1000);
        double span = number(hint.max(), Math.max(1000, min + 1)) - min;
        yield leaf(draft -> draft.putFloat((float) (min + span * draft.unit())));
      }
      case DOUBLE -> {
        double min = number(hint.min(), -1000);
        double span = number(hint.max(), Math.max(1000, min + 1)) - min;
        yield leaf(draft -> draft.putDouble(min + span * draft.unit()));
      }
      case STRING -> Texts.of(hint, path);
      case BYTES -> bytes(hint);
      case FIXED -> {
        int size = schema.getFixedSize();
        yield leaf(draft -> draft.putRandomBytes(size));
      }
      case ENUM -> {
        Sampler sampler = Sampler.skewed(schema.getEnumSymbols().size(), hint.skew());
        yield leaf(draft -> draft.putLong(sampler.draw(draft)));
      }
      default -> throw new IllegalArgumentException(schema.getType() + " is no leaf");
    };
  }

  static Writer mapKey(Hint hint, String path) {
    return hint.equals(Hint.NONE)
        ? Texts.of(new Hint(null, null, 0, 0, null, null, null, null, 1, MOST_KEY_CHARS), path)
        : writer(MAP_KEY, hint, path);
  }

  /** Null where the logical type asks for nothing that the bare type does not. */
  private static Writer logical(Schema schema, LogicalType logical) {
    return switch (logical.getName()) {
      case "timestamp-millis", "local-timestamp-millis" ->
          leaf(draft -> draft.putLong(Math.floorDiv(draft.micros(), 1000L)));
      case "timestamp-micros", "local-timestamp-micros" ->
          leaf(draft -> draft.putLong(draft.micros()));
      case "timestamp-nanos", "local-timestamp-nanos" ->
          leaf(draft -> draft.putLong(draft.micros() * 1000));
      case "date" -> leaf(draft -> draft.putLong(Math.floorDiv(draft.micros(), MICROS_A_DAY)));
      case "time-millis" -> leaf(draft -> draft.putLong(draft.below(MICROS_A_DAY / 1000)));
      case "time-micros" -> leaf(draft -> draft.putLong(draft.below(MICROS_A_DAY)));
      case "uuid" -> schema.getType() == Schema.Type.STRING ? Texts.uuid() : null;
      case "decimal" -> decimal(schema, ((LogicalTypes.Decimal) logical).getPrecision());
      default -> null;
    };
  }

  private static Writer whole(Hint hint, long least, long most, String path) {
    long min = hint.min() == null ? least : hint.min().longValue();
    long max = hint.max() == null ? most : hint.max().longValue();
    if (min < least || max > most || min > max) {
      throw Hint.wrong(path, "min %d to max %d does not fit the type".formatted(min, max));
    }
    if (hint.cardinality() > 0) {
      if (hint.min() == null && hint.max() == null) {
        min = 0;
        max = most;
      }
      max = Math.min(max, min + hint.cardinality() - 1);
    }
    long from = min;
    long count = max - min + 1;
    if (count <= 0 || count >= 1L << 62) {
      int shift = least == Integer.MIN_VALUE ? Integer.SIZE : 0;
      return leaf(draft -> draft.putLong(draft.next() >> shift));
    }
    Sampler sampler = Sampler.skewed(count, hint.skew());
    return leaf(draft -> draft.putLong(from + sampler.draw(draft)));
  }

  private static Writer bytes(Hint hint) {
    int least = hint.minLength() == null ? 0 : hint.minLength();
    int most = hint.maxLength() == null ? Math.max(least, MOST_BYTES) : hint.maxLength();
    return leaf(
        draft -> {
          int length = least + (int) draft.below((long) most - least + 1);
          draft.putLong(length);
          draft.putRandomBytes(length);
        });
  }

  /** Unscaled value in as many whole bytes as surely hold less than 10^precision, plus a sign. */
  private static Writer decimal(Schema schema, int precision) {
    boolean fixed = schema.getType() == Schema.Type.FIXED;
    int random = (BigInteger.TEN.pow(precision).bitLength() - 1) / 8;
    int size = fixed ? schema.getFixedSize() : random + 1;
    return leaf(
        draft -> {
          boolean negative = draft.next() < 0;
          if (!fixed) {
            draft.putLong(size);
          }
          for (int i = random; i < size; i++) {
            draft.putByte(negative ? -1 : 0);
          }
          draft.putRandomBytes(random);
        });
  }

  private static double number(Number given, double otherwise) {
    return given == null ? otherwise : given.doubleValue();
  }

  private static Writer leaf(Consumer<Draft> action) {
    return new Writer() {
      @Override
      void write(Draft draft) {
        action.accept(draft);
      }
    };
  }
}
