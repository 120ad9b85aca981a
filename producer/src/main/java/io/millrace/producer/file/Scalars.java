package io.millrace.producer.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** JSON values into Avro's types that hold no others. */
final class Scalars {
  private static final BigInteger LEAST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MOST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  /** A number such as 1e1000000000 would fill the memory when written out. */
  private static final int MOST_DIGITS = 400;

  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final Conversions.DecimalConversion DECIMAL = new Conversions.DecimalConversion();

  private Scalars() {}

  static Object convert(JsonNode node, Schema schema, String path) throws MisfitException {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.Decimal decimal) {
      return decimal(node, schema, decimal, path);
    }
    if (node.isTextual() && logical != null && Times.isTime(logical)) {
      return Times.parse(node.textValue(), logical, path);
    }
    return switch (schema.getType()) {
      case NULL -> {
        check(node.isNull(), node, path, "null");
        yield null;
      }
      case BOOLEAN -> {
        check(node.isBoolean(), node, path, "true or false");
        yield node.booleanValue();
      }
      case INT -> (int) whole(node, Integer.MIN_VALUE, Integer.MAX_VALUE, path);
      case LONG -> whole(node, Long.MIN_VALUE, Long.MAX_VALUE, path);
      case FLOAT -> real(node, Float.MAX_VALUE, path).floatValue();
      case DOUBLE -> real(node, Double.MAX_VALUE, path);
      case STRING -> text(node, logical, path);
      case BYTES -> ByteBuffer.wrap(bytes(node, path));
      case FIXED -> {
        byte[] bytes = bytes(node, path);
        check(bytes.length == schema.getFixedSize(), node, path, schema.getFixedSize() + " bytes");
        yield new GenericData.Fixed(schema, bytes);
      }
      case ENUM -> {
        boolean symbol = node.isTextual() && schema.hasEnumSymbol(node.textValue());
        check(symbol, node, path, "one of " + schema.getEnumSymbols());
        yield new GenericData.EnumSymbol(schema, node.textValue());
      }
      default -> throw new IllegalArgumentException(schema.getType() + " is no scalar");
    };
  }

  private static void check(boolean right, JsonNode node, String path, String needed)
      throws MisfitException {
    if (!right) {
      throw new MisfitException(path, needed + " is needed, found " + JsonToAvro.shown(node));
    }
  }

  private static long whole(JsonNode node, long least, long most, String path)
      throws MisfitException {
    check(node.isNumber(), node, path, "a whole number");
    BigDecimal number = number(node, path);
    boolean isWhole = number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    check(isWhole, node, path, "a whole number");
    BigInteger value = number.toBigInteger();
    boolean fits =
        value.compareTo(LEAST_LONG) >= 0
            && value.compareTo(MOST_LONG) <= 0
            && value.longValue() >= least
            && value.longValue() <= most;
    check(fits, node, path, "a number from " + least + " to " + most);
    return value.longValue();
  }

  private static BigDecimal number(JsonNode node, String path) throws MisfitException {
    BigDecimal number = node.decimalValue();
    check(
        Math.abs((long) number.precision() - number.scale()) <= MOST_DIGITS
            && Math.abs((long) number.scale()) <= MOST_DIGITS,
        node,
        path,
        "a number of at most " + MOST_DIGITS + " digits");
    return number;
  }

  private static Double real(JsonNode node, double most, String path) throws MisfitException {
    if (node.isTextual()) {
      return switch (node.textValue()) {
        case "NaN" -> Double.NaN;
        case "Infinity" -> Double.POSITIVE_INFINITY;
        case "-Infinity" -> Double.NEGATIVE_INFINITY;
        default ->
            throw new MisfitException(path, "a number is needed, found " + JsonToAvro.shown(node));
      };
    }
    check(node.isNumber(), node, path, "a number");
    double value = node.doubleValue();
    check(Math.abs(value) <= most, node, path, "a number from -" + most + " to " + most);
    return value;
  }

  private static String text(JsonNode node, LogicalType logical, String path)
      throws MisfitException {
    check(node.isTextual(), node, path, "text");
    if (logical != null && logical.getName().equals("uuid")) {
      check(UUID.matcher(node.textValue()).matches(), node, path, "a UUID");
    }
    // Lone surrogates have no UTF-8 and would be written as question marks.
    CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
    check(encoder.canEncode(node.textValue()), node, path, "text of whole characters");
    return node.textValue();
  }

  /** As in Avro's own JSON: each character from U+0000 to U+00FF is a byte. */
  private static byte[] bytes(JsonNode node, String path) throws MisfitException {
    check(
        node.isTextual() && node.textValue().chars().allMatch(c -> c <= 0xFF),
        node,
        path,
        "text whose characters up to U+00FF stand for bytes");
    return node.textValue().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Object decimal(
      JsonNode node, Schema schema, LogicalTypes.Decimal decimal, String path)
      throws MisfitException {
    BigDecimal value;
    if (node.isTextual()) {
      try {
        value = new BigDecimal(node.textValue());
      } catch (NumberFormatException e) {
        throw new MisfitException(path, "a decimal is needed, found " + JsonToAvro.shown(node));
      }
    } else {
      check(node.isNumber(), node, path, "a decimal");
      value = node.decimalValue();
    }
    int wholeDigits = value.precision() - value.scale();
    boolean fits =
        value.signum() == 0
            || (value.stripTrailingZeros().scale() <= decimal.getScale()
                && wholeDigits <= decimal.getPrecision() - decimal.getScale());
    check(
        fits, node, path, "a decimal(%d,%d)".formatted(decimal.getPrecision(), decimal.getScale()));
    BigDecimal scaled = value.setScale(decimal.getScale());
    return schema.getType() == Schema.Type.FIXED
        ? DECIMAL.toFixed(scaled, schema, decimal)
        : DECIMAL.toBytes(scaled, schema, decimal);
  }
}
