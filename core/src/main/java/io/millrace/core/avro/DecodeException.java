package io.millrace.core.avro;

/** A record that can't become a row. Carries no stack trace. */
public final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with a record. */
  public enum Kind {
    /** The bytes are not what the writer schema says. */
    MALFORMED,
    /** The value is of a type that its column can't take. */
    TYPE_CONFLICT,
    /** The value is of the right type, but outside of what its column can hold. */
    OUT_OF_RANGE,
    /** The record holds more than we take. */
    TOO_LARGE,
    /** A rule of the stream does not hold. */
    INVALID,
    /** The stream's SQL makes no row of it. */
    TRANSFORM
  }

  private final Kind kind;
  private final String reason;
  private String path = "";
  private int position = -1;
  private boolean key;

  DecodeException(Kind kind, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.reason = reason;
  }

  /** Bytes that are not what the writer schema says. */
  public DecodeException(String reason) {
    this(Kind.MALFORMED, reason);
  }

  /** A record of more bytes than the stream takes. */
  public static DecodeException tooLarge(long bytes, long most) {
    return new DecodeException(
        Kind.TOO_LARGE, bytes + " bytes, and the stream's maxRecordBytes is " + most);
  }

  /** A rule that a field's value does not keep. */
  public static DecodeException invalid(String field, String reason) {
    DecodeException invalid = new DecodeException(Kind.INVALID, reason);
    invalid.within(field);
    return invalid;
  }

  /** A record that the stream's SQL makes no row of. */
  public static DecodeException transform(String reason) {
    return new DecodeException(Kind.TRANSFORM, reason);
  }

  public Kind kind() {
    return kind;
  }

  /** The field, as in {@code order.items[].price}; empty where it is the whole record. */
  public String path() {
    return path;
  }

  /** Whether it is the record's key, and path and position are those in the key. */
  public boolean isOfKey() {
    return key;
  }

  /** Bytes of the record that were read before it was found out; -1 where none were. */
  public int position() {
    return position;
  }

  @Override
  public String getMessage() {
    String field = path.isEmpty() ? "" : "field " + path;
    String at = position < 0 ? "" : (field.isEmpty() ? "at byte " : " at byte ") + position;
    String where = field.isEmpty() && at.isEmpty() ? "" : field + at + ": ";
    return (key ? "the key, " : "") + where + reason;
  }

  /** Notes that it happened inside of this field. */
  void within(String field) {
    path = path.isEmpty() || path.startsWith("[") ? field + path : field + "." + path;
  }

  /** Notes that it happened inside of an array's item or a map's value. */
  void withinItem() {
    path = path.isEmpty() || path.startsWith("[") ? "[]" + path : "[]." + path;
  }

  void ofKey(int bytes) {
    key = true;
    position = bytes;
  }

  void at(int bytes) {
    position = bytes;
  }
}
