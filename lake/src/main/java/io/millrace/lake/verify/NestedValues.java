package io.millrace.lake.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;

/** Readers of values that have parts. */
final class NestedValues {
  static final ValueReader DURATION = new Duration();

  private NestedValues() {}

  /** A union of several types besides null. */
  static final class Union extends ValueReader {
    private final Schema union;
    private final ValueReader[] branches;

    /**
     * @param branches one for each of the union's types
     */
    Union(Schema union, List<ValueReader> branches) {
      this.union = union;
      this.branches = branches.toArray(ValueReader[]::new);
    }

    private ValueReader branch(Object value) {
      return branches[GenericData.get().resolveUnion(union, value)];
    }

    @Override
    long hashOf(Object value) {
      return branch(value).hashOf(value);
    }

    @Override
    Object valueOf(Object value) {
      return branch(value).valueOf(value);
    }
  }

  /** A value that is one member of a struct whose others are null. */
  static final class Member extends ValueReader {
    private final int members;
    private final int place;
    private final ValueReader reader;

    Member(int members, int place, ValueReader reader) {
      this.members = members;
      this.place = place;
      this.reader = reader;
    }

    @Override
    long hashOf(Object value) {
      long own = reader.hash(value);
      long hash = ValueHash.STRUCT;
      for (int i = 0; i < members; i++) {
        hash = ValueHash.of(hash, i, i == place ? own : ValueHash.NULL);
      }
      return hash;
    }

    @Override
    Object valueOf(Object value) {
      Object[] values = new Object[members];
      values[place] = reader.value(value);
      return Arrays.asList(values);
    }
  }

  static final class Struct extends ValueReader {
    private final RecordFields fields;

    Struct(RecordFields fields) {
      this.fields = fields;
    }

    @Override
    long hashOf(Object value) {
      IndexedRecord record = (IndexedRecord) value;
      fields.requireColumns(record);
      long hash = ValueHash.STRUCT;
      for (int i = 0; i < fields.columns(); i++) {
        hash = ValueHash.of(hash, i, fields.hash(record, i));
      }
      return hash;
    }

    @Override
    Object valueOf(Object value) {
      IndexedRecord record = (IndexedRecord) value;
      fields.requireColumns(record);
      Object[] values = new Object[fields.columns()];
      for (int i = 0; i < values.length; i++) {
        values[i] = fields.value(record, i);
      }
      return Arrays.asList(values);
    }
  }

  /** Avro arrays. */
  static final class Items extends ValueReader {
    private final ValueReader item;

    Items(ValueReader item) {
      this.item = item;
    }

    @Override
    long hashOf(Object value) {
      Collection<?> items = (Collection<?>) value;
      long hash = ValueHash.list(items.size());
      int i = 0;
      for (Object one : items) {
        hash = ValueHash.of(hash, i++, item.hash(one));
      }
      return hash;
    }

    @Override
    Object valueOf(Object value) {
      List<Object> values = new ArrayList<>();
      ((Collection<?>) value).forEach(one -> values.add(item.value(one)));
      return values;
    }
  }

  /** Avro maps. */
  static final class Entries extends ValueReader {
    private final ValueReader entryValue;

    Entries(ValueReader entryValue) {
      this.entryValue = entryValue;
    }

    @Override
    long hashOf(Object value) {
      Map<?, ?> map = (Map<?, ?>) value;
      long entries = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries +=
            ValueHash.entry(
                FlatValues.TEXT.hashOf(entry.getKey()), entryValue.hash(entry.getValue()));
      }
      return ValueHash.map(map.size(), entries);
    }

    @Override
    Object valueOf(Object value) {
      List<Map.Entry<String, Object>> entries = new ArrayList<>();
      ((Map<?, ?>) value)
          .forEach((k, v) -> entries.add(new SimpleEntry<>(k.toString(), entryValue.value(v))));
      return entries;
    }
  }

  /** Months, days and milliseconds: three unsigned little-endian numbers (Avro 1.12). */
  private static final class Duration extends ValueReader {
    @Override
    long hashOf(Object value) {
      long hash = ValueHash.STRUCT;
      List<Object> numbers = valueOf(value);
      for (int i = 0; i < numbers.size(); i++) {
        hash = ValueHash.of(hash, i, ValueHash.value((long) (Long) numbers.get(i)));
      }
      return hash;
    }

    @Override
    List<Object> valueOf(Object value) {
      ByteBuffer bytes =
          ByteBuffer.wrap(((GenericFixed) value).bytes()).order(ByteOrder.LITTLE_ENDIAN);
      return List.of(
          Integer.toUnsignedLong(bytes.getInt()),
          Integer.toUnsignedLong(bytes.getInt()),
          Integer.toUnsignedLong(bytes.getInt()));
    }
  }
}
