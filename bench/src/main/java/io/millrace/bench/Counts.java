package io.millrace.bench;

import io.millrace.core.config.Units;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Counts on the command line, written as in the config file. */
final class Counts implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return Units.count(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is not " + e.getMessage());
    }
  }
}
