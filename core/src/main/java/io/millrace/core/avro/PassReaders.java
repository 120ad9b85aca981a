package io.millrace.core.avro;

import io.millrace.core.column.ColumnVector;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Readers that only pass a value by. They accept and refuse the same bytes as those that store it.
 */
final class PassReaders {
  private static final FieldReader NOTHING = new Nothing();
  private static final FieldReader INT = new Int();
  private static final FieldReader LONG = new Long();
  private static final FieldReader BYTES = new Bytes();

  /** Deepest nesting of a record that contains itself; the stack takes several times that. */
  private static final int MOST_DEPTH = 500;

  /**
   * One reader for each record, however often it is used: what contains itself is read by the same
   * one again, and a short schema can use records in records very often.
   */
  private final Map<Schema, Record> records = new IdentityHashMap<>();

  private PassReaders() {}

  static FieldReader of(Schema schema) {
    return new PassReaders().reader(schema);
  }

  private FieldReader reader(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> NOTHING;
      case BOOLEAN -> new Fixed(1);
      case INT -> INT;
      case ENUM -> new Symbol(schema.getEnumSymbols().size());
      case LONG -> LONG;
      case FLOAT -> new Fixed(Float.BYTES);
      case DOUBLE -> new Fixed(Double.BYTES);
      case STRING, BYTES -> BYTES;
      case FIXED -> new Fixed(schema.getFixedSize());
      case ARRAY -> blocks(null, schema.getElementType());
      case MAP -> blocks(BYTES, schema.getValueType());
      case RECORD -> record(schema);
      case UNION -> NestedReaders.union(schema.getTypes().stream().map(this::reader).toList());
    };
  }

  private FieldReader record(Schema schema) {
    Record known = records.get(schema);
    if (known != null) {
      known.containsItself |= known.fields == null;
      return known;
    }
    Record record = new Record();
    records.put(schema, record);
    record.fields =
        schema.getFields().stream().map(f -> reader(f.schema())).toArray(FieldReader[]::new);
    return record;
  }

  private FieldReader blocks(FieldReader key, Schema item) {
    return new Blocks(key, reader(item), LeastBytes.of(item) + (key == null ? 0 : 1));
  }

  private static final class Nothing extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) {}
  }

  private static final class Int extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.readInt();
    }
  }

  private static final class Long extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.readLong();
    }
  }

  private static final class Bytes extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.skip(in.readLength());
    }
  }

  private static final class Fixed extends FieldReader {
    private final int size;

    Fixed(int size) {
      this.size = size;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      in.skip(size);
    }
  }

  private static final class Symbol extends FieldReader {
    private final int symbols;

    Symbol(int symbols) {
      this.symbols = symbols;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index < 0 || index >= symbols) {
        throw new DecodeException("enum index " + index + " of " + symbols + " symbols");
      }
    }
  }

  private static final class Record extends FieldReader {
    /** Null while they are being made. */
    private FieldReader[] fields;

    private boolean containsItself;
    private int depth;

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      if (!containsItself) {
        readFields(in);
        return;
      }
      if (depth == MOST_DEPTH) {
        throw new DecodeException(
            DecodeException.Kind.TOO_LARGE, "it is nested more than " + MOST_DEPTH + " deep");
      }
      depth++;
      try {
        readFields(in);
      } finally {
        depth--;
      }
    }

    private void readFields(AvroInput in) throws DecodeException {
      for (FieldReader field : fields) {
        field.read(in, null);
      }
    }
  }

  /** An array, or a map with keys. */
  private static final class Blocks extends FieldReader {
    private final FieldReader key;
    private final FieldReader item;
    private final int itemBytes;

    Blocks(FieldReader key, FieldReader item, int itemBytes) {
      this.key = key;
      this.item = item;
      this.itemBytes = itemBytes;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      for (int left = in.readFirstBlock(itemBytes, 0);
          left > 0;
          left = in.readNextBlock(itemBytes, 0)) {
        for (; left > 0; left--) {
          if (key != null) {
            key.read(in, null);
          }
          item.read(in, null);
        }
      }
    }
  }
}
