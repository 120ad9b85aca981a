package io.millrace.producer.generate;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a field's values are drawn. In a schema it is the property {@code millrace} of a field or
 * type; in the config it stands under the field's path.
 *
 * @param values the values to draw from; null: any
 * @param weights of the values, in their order; null: by {@code skew}
 * @param cardinality at most so many different values; 0: no limit
 * @param skew exponent of a Zipf distribution over values or cardinality; 0: uniform
 * @param min least number; null: the type's
 * @param max greatest number; null: the type's
 * @param nullRate share of nulls in a nullable union, 0 to 1; null: a tenth
 * @param pattern text with {@code #} for a digit, {@code ?} for a letter and {@code %} for a hex
 *     digit, or the word {@code uuid}; null: random letters and digits
 * @param minLength least characters, bytes or items; null: the default
 * @param maxLength most characters, bytes or items; null: the default
 */
record Hint(
    List<?> values,
    List<?> weights,
    long cardinality,
    double skew,
    Number min,
    Number max,
    Double nullRate,
    String pattern,
    Integer minLength,
    Integer maxLength) {

  static final Hint NONE = new Hint(null, null, 0, 0, null, null, null, null, null, null);

  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "values",
              "weights",
              "cardinality",
              "skew",
              "min",
              "max",
              "nullRate",
              "pattern",
              "minLength",
              "maxLength"));

  /** Reads a hint as JSON or YAML gave it; {@code path} is for errors. */
  static Hint of(String path, Object given) {
    if (!(given instanceof Map<?, ?> map)) {
      throw wrong(path, "it is " + given + ", not a map of keys and values");
    }
    for (Object key : map.keySet()) {
      if (!(key instanceof String text) || !KEYS.contains(text)) {
        throw wrong(path, "the key " + key + " is none of " + String.join(", ", KEYS));
      }
    }
    Number cardinality = get(path, map, "cardinality", Number.class);
    Number skew = get(path, map, "skew", Number.class);
    Number nullRate = get(path, map, "nullRate", Number.class);
    Number minLength = get(path, map, "minLength", Number.class);
    Number maxLength = get(path, map, "maxLength", Number.class);
    Hint hint =
        new Hint(
            get(path, map, "values", List.class),
            get(path, map, "weights", List.class),
            cardinality == null ? 0 : cardinality.longValue(),
            skew == null ? 0 : skew.doubleValue(),
            get(path, map, "min", Number.class),
            get(path, map, "max", Number.class),
            nullRate == null ? null : nullRate.doubleValue(),
            get(path, map, "pattern", String.class),
            minLength == null ? null : minLength.intValue(),
            maxLength == null ? null : maxLength.intValue());
    hint.check(path);
    return hint;
  }

  private void check(String path) {
    if (values != null && values.isEmpty()) {
      throw wrong(path, "values is empty");
    }
    if (weights != null && (values == null || weights.size() != values.size())) {
      throw wrong(path, "weights needs as many entries as values");
    }
    if (weights != null
        && !weights.stream().allMatch(w -> w instanceof Number n && n.doubleValue() >= 0)) {
      throw wrong(path, "weights " + weights + " are not all numbers from 0");
    }
    if (weights != null
        && weights.stream().noneMatch(w -> w instanceof Number n && n.doubleValue() > 0)) {
      throw wrong(path, "weights are all 0");
    }
    if (cardinality < 0 || skew < 0) {
      throw wrong(path, "cardinality and skew can't be negative");
    }
    if (nullRate != null && !(nullRate >= 0 && nullRate <= 1)) {
      throw wrong(path, "nullRate is " + nullRate + ", 0 to 1 is needed");
    }
    if (min != null && max != null && min.doubleValue() > max.doubleValue()) {
      throw wrong(path, "min " + min + " is above max " + max);
    }
    int least = minLength == null ? 0 : minLength;
    if (least < 0 || (maxLength != null && maxLength < least)) {
      throw wrong(path, "minLength " + minLength + " to maxLength " + maxLength + " is no range");
    }
  }

  private static <T> T get(String path, Map<?, ?> map, String key, Class<T> type) {
    Object value = map.get(key);
    if (value != null && !type.isInstance(value)) {
      throw wrong(
          path,
          key
              + " is "
              + value
              + ", not a "
              + type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
    }
    return type.cast(value);
  }

  static MillraceException wrong(String path, String reason) {
    return new MillraceException(
        ExitCode.USAGE,
        "The generator hint of " + path + " is wrong",
        reason,
        "Correct the millrace annotation in the schema or the hint in the config");
  }
}
