package io.millrace.core.rule;

import io.millrace.core.avro.DecodeException;
import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.Column;
import io.millrace.core.column.ColumnType;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.DoubleVector;
import io.millrace.core.column.IntVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.FieldRule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A stream's rules, ready for rows of one layout. Used by one thread. */
public final class RowRules {
  private final List<Check> checks = new ArrayList<>();

  private RowRules() {}

  /**
   * @throws IllegalArgumentException where a rule's field is no column of the layout, or of a type
   *     that the rule is not for; says so in words
   */
  public static RowRules of(List<FieldRule> rules, TableLayout layout) {
    RowRules ready = new RowRules();
    for (FieldRule rule : rules) {
      ready.checks.add(check(rule, layout));
    }
    return ready;
  }

  /**
   * @param columns of a batch
   * @param row whose fields were decoded
   * @throws DecodeException {@code INVALID} where a rule does not hold
   */
  public void check(StructVector columns, int row) throws DecodeException {
    for (int i = 0; i < checks.size(); i++) {
      checks.get(i).check(columns, row);
    }
  }

  private static Check check(FieldRule rule, TableLayout layout) {
    String[] path = rule.field().split("\\.");
    int[] places = new int[path.length];
    List<Column> members = layout.columns();
    ColumnType type = null;
    for (int i = 0; i < path.length; i++) {
      places[i] = members.stream().map(Column::name).toList().indexOf(path[i]);
      if (places[i] < 0) {
        throw new IllegalArgumentException("rules." + rule.field() + ": there is no such column");
      }
      type = members.get(places[i]).type();
      members = type.kind() == ColumnType.Kind.STRUCT ? type.members() : List.of();
    }
    boolean number =
        switch (type.kind()) {
          case INT, LONG, FLOAT, DOUBLE, DECIMAL -> true;
          default -> false;
        };
    if ((rule.min() != null || rule.max() != null) && !number) {
      throw wrong(rule, "min and max are for numbers", type);
    }
    if (rule.pattern() != null && type.kind() != ColumnType.Kind.STRING) {
      throw wrong(rule, "pattern is for texts", type);
    }
    if (!rule.in().isEmpty()
        && !number
        && type.kind() != ColumnType.Kind.STRING
        && type.kind() != ColumnType.Kind.BOOLEAN) {
      throw wrong(rule, "in is for texts, numbers and booleans", type);
    }
    return new Check(rule, places, type);
  }

  private static IllegalArgumentException wrong(FieldRule rule, String reason, ColumnType type) {
    return new IllegalArgumentException(
        "rules.%s: %s, the column is %s".formatted(rule.field(), reason, type));
  }

  /** One field's rule. */
  private static final class Check {
    private final FieldRule rule;
    private final int[] places;
    private final ColumnType type;
    private final Pattern pattern;
    private final byte[][] texts;
    private final Set<String> others;
    private final long least;
    private final long most;
    private final boolean wholeBounds;

    Check(FieldRule rule, int[] places, ColumnType type) {
      this.rule = rule;
      this.places = places;
      this.type = type;
      pattern = rule.pattern() == null ? null : Pattern.compile(rule.pattern());
      boolean isText = type.kind() == ColumnType.Kind.STRING;
      texts =
          isText
              ? rule.in().stream()
                  .map(text -> text.getBytes(StandardCharsets.UTF_8))
                  .toArray(byte[][]::new)
              : new byte[0][];
      others = new HashSet<>();
      if (!isText) {
        rule.in().forEach(value -> others.add(canonical(value)));
      }
      wholeBounds = type.kind() == ColumnType.Kind.INT || type.kind() == ColumnType.Kind.LONG;
      least = wholeBounds && rule.min() != null ? clamp(rule.min(), true) : Long.MIN_VALUE;
      most = wholeBounds && rule.max() != null ? clamp(rule.max(), false) : Long.MAX_VALUE;
    }

    private static long clamp(BigDecimal bound, boolean up) {
      BigInteger whole =
          bound
              .setScale(0, up ? java.math.RoundingMode.CEILING : java.math.RoundingMode.FLOOR)
              .toBigInteger();
      return whole
          .max(BigInteger.valueOf(Long.MIN_VALUE))
          .min(BigInteger.valueOf(Long.MAX_VALUE))
          .longValueExact();
    }

    private static String canonical(String value) {
      try {
        return new BigDecimal(value).stripTrailingZeros().toPlainString();
      } catch (NumberFormatException e) {
        return value;
      }
    }

    void check(StructVector columns, int row) throws DecodeException {
      ColumnVector vector = columns;
      for (int place : places) {
        vector = ((StructVector) vector).member(place);
      }
      if (vector.isNull(row)) {
        if (rule.notNull()) {
          throw broken("is null, and may not be");
        }
        return;
      }
      if (type.kind() == ColumnType.Kind.STRING) {
        checkText((BytesVector) vector, row);
      } else if (wholeBounds && others.isEmpty()) {
        long value =
            vector instanceof LongVector longs
                ? longs.values()[row]
                : ((IntVector) vector).values()[row];
        if (value < least || value > most) {
          throw broken(value + " is " + outside());
        }
      } else if (rule.min() != null || rule.max() != null || !others.isEmpty()) {
        checkOther(vector, row);
      }
    }

    private void checkText(BytesVector texts, int row) throws DecodeException {
      int start = texts.start(row);
      int end = texts.ends()[row];
      if (this.texts.length > 0 && !isOne(texts.data(), start, end)) {
        throw broken(shown(texts, start, end) + " is none of " + rule.in());
      }
      if (pattern != null && !matches(texts, start, end)) {
        throw broken(shown(texts, start, end) + " does not match " + pattern);
      }
    }

    private boolean matches(BytesVector texts, int start, int end) throws DecodeException {
      String text = new String(texts.data(), start, end - start, StandardCharsets.UTF_8);
      try {
        return pattern.matcher(new BoundedText(text)).matches();
      } catch (BoundedText.TooManySteps | StackOverflowError e) {
        // Some patterns take a part of the stack for each character, or steps by a power of the
        // text's length.
        throw broken(
            shown(texts, start, end) + " takes more than it may to compare with " + pattern);
      }
    }

    private boolean isOne(byte[] data, int start, int end) {
      for (byte[] text : texts) {
        if (Arrays.equals(text, 0, text.length, data, start, end)) {
          return true;
        }
      }
      return false;
    }

    private static String shown(BytesVector texts, int start, int end) {
      String text = new String(texts.data(), start, end - start, StandardCharsets.UTF_8);
      return '"' + (text.length() > 100 ? text.substring(0, 100) + "..." : text) + '"';
    }

    private void checkOther(ColumnVector vector, int row) throws DecodeException {
      if (type.kind() == ColumnType.Kind.BOOLEAN) {
        String value = String.valueOf(((BooleanVector) vector).values()[row]);
        if (!others.contains(value)) {
          throw broken(value + " is none of " + rule.in());
        }
        return;
      }
      BigDecimal value = number(vector, row);
      if (value == null
          || (rule.min() != null && value.compareTo(rule.min()) < 0)
          || (rule.max() != null && value.compareTo(rule.max()) > 0)) {
        throw broken((value == null ? "a value that is no number" : value) + " is " + outside());
      }
      if (!others.isEmpty() && !others.contains(value.stripTrailingZeros().toPlainString())) {
        throw broken(value + " is none of " + rule.in());
      }
    }

    /** Null for NaN and the infinities. */
    private BigDecimal number(ColumnVector vector, int row) {
      if (type.kind() == ColumnType.Kind.DECIMAL) {
        BigInteger unscaled =
            vector instanceof LongVector longs
                ? BigInteger.valueOf(longs.values()[row])
                : new BigInteger(
                    ((BytesVector) vector).data(), ((BytesVector) vector).start(row), 16);
        return new BigDecimal(unscaled, type.scale());
      }
      if (vector instanceof DoubleVector doubles) {
        double value = doubles.values()[row];
        return Double.isFinite(value) ? BigDecimal.valueOf(value) : null;
      }
      if (type.kind() == ColumnType.Kind.FLOAT) {
        float value = Float.intBitsToFloat(((IntVector) vector).values()[row]);
        return Float.isFinite(value) ? new BigDecimal(Float.toString(value)) : null;
      }
      return BigDecimal.valueOf(
          vector instanceof LongVector longs
              ? longs.values()[row]
              : ((IntVector) vector).values()[row]);
    }

    private String outside() {
      return "outside of "
          + (rule.min() == null ? "" : rule.min())
          + ".."
          + (rule.max() == null ? "" : rule.max());
    }

    private DecodeException broken(String reason) {
      return DecodeException.invalid(rule.field(), reason);
    }
  }
}
