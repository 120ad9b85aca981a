package io.millrace.core.config;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;

/**
 * What must hold of a field's values beyond their type. A null breaks {@code notNull} only.
 *
 * @param field the column's name; a struct's member as {@code outer.inner}
 * @param notNull whether there must be a value
 * @param min smallest number, null for any
 * @param max largest number, null for any
 * @param pattern a regular expression that a whole text must match (java.util.regex), null for any
 * @param in the texts or numbers that there may be, empty for any
 */
public record FieldRule(
    String field, boolean notNull, BigDecimal min, BigDecimal max, String pattern, List<String> in)
    implements Serializable {
  public FieldRule {
    in = List.copyOf(in);
  }
}
