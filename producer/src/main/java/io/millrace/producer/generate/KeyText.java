package io.millrace.producer.generate;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Makes a record's key from its key field as it stands encoded in the record: text and bytes as
 * they are, whole numbers as decimal digits, so that every tool can read and write the same key.
 */
public final class KeyText {
  private static final int DIGITS_OF_LONG = 20;

  private enum Form {
    NULL,
    TEXT,
    NUMBER
  }

  private final Form[] branches;
  private final boolean union;

  private KeyText(Form[] branches, boolean union) {
    this.branches = branches;
    this.union = union;
  }

  /** For the top-level field of that name; refuses types that make no sensible key. */
  public static KeyText of(Schema schema, String field) {
    Schema type = schema.getField(field).schema();
    boolean union = type.getType() == Schema.Type.UNION;
    List<Schema> branches = union ? type.getTypes() : List.of(type);
    Form[] forms =
        branches.stream().map(branch -> form(schema, field, branch)).toArray(Form[]::new);
    return new KeyText(forms, union);
  }

  private static Form form(Schema schema, String field, Schema type) {
    return switch (type.getType()) {
      case NULL -> Form.NULL;
      case STRING, BYTES -> Form.TEXT;
      case INT, LONG -> Form.NUMBER;
      default ->
          throw new MillraceException(
              ExitCode.USAGE,
              "The field " + field + " of " + schema.getFullName() + " can't be the key",
              "it is of type " + type.getType().getName(),
              "Choose a field of type string, bytes, int or long");
    };
  }

  /** The key of the record in {@code draft}; null where the field is null. */
  public byte[] of(Draft draft) {
    return of(draft.bytes, draft.keyStart, draft.keyEnd);
  }

  /** The key of a record with {@code value} in its key field; null where that is null. */
  public byte[] of(Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] of(byte[] bytes, int start, int end) {
    int at = start;
    Form form = branches[0];
    if (union) {
      form = branches[(int) readLong(bytes, at)];
      at = afterLong(bytes, at);
    }
    return switch (form) {
      case NULL -> null;
      case TEXT -> Arrays.copyOfRange(bytes, afterLong(bytes, at), end);
      case NUMBER -> digits(readLong(bytes, at));
    };
  }

  private static long readLong(byte[] bytes, int start) {
    long value = 0;
    int at = start;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
  }

  private static int afterLong(byte[] bytes, int start) {
    int at = start;
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private static byte[] digits(long value) {
    if (value == Long.MIN_VALUE) {
      return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
    byte[] text = new byte[DIGITS_OF_LONG];
    int at = text.length;
    long left = Math.abs(value);
    do {
      text[--at] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    if (value < 0) {
      text[--at] = '-';
    }
    return Arrays.copyOfRange(text, at, text.length);
  }
}
