package io.millrace.core.column;

/** Which vector holds which type. */
final class ColumnVectors {
  private ColumnVectors() {}

  static ColumnVector of(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> new BooleanVector();
      case INT, DATE, FLOAT -> new IntVector();
      case LONG, TIMESTAMP, TIMESTAMP_NTZ -> new LongVector();
      case DOUBLE -> new DoubleVector();
      case STRING, BINARY -> new BytesVector();
      case DECIMAL ->
          type.precision() <= ColumnType.MAX_LONG_PRECISION ? new LongVector() : new BytesVector();
      case STRUCT -> new StructVector(type.members());
      case LIST -> new ListVector(of(type.element()));
      case MAP -> new ListVector(new StructVector(type.members()));
    };
  }
}
