package io.millrace.core.avro;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import java.util.List;

/** Readers of values that have parts, each with readers of its parts. */
final class NestedReaders {
  static final FieldReader DURATION = new Duration();

  private NestedReaders() {}

  /** A union whose branches all go into the same column. */
  static FieldReader union(List<FieldReader> branches) {
    return branches.size() == 2
        ? new UnionOfTwo(branches.get(0), branches.get(1))
        : new Union(branches.toArray(FieldReader[]::new));
  }

  private static DecodeException noBranch(int index, int branches) {
    return new DecodeException("union index " + index + " of " + branches + " branches");
  }

  private static final class UnionOfTwo extends FieldReader {
    private final FieldReader first;
    private final FieldReader second;

    UnionOfTwo(FieldReader first, FieldReader second) {
      this.first = first;
      this.second = second;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index == 0) {
        first.read(in, column);
      } else if (index == 1) {
        second.read(in, column);
      } else {
        throw noBranch(index, 2);
      }
    }
  }

  private static final class Union extends FieldReader {
    private final FieldReader[] branches;

    Union(FieldReader[] branches) {
      this.branches = branches;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      int index = in.readInt();
      if (index < 0 || index >= branches.length) {
        throw noBranch(index, branches.length);
      }
      branches[index].read(in, column);
    }
  }

  /** A value that becomes one member of a struct; the others are null. */
  static final class Member extends FieldReader {
    private final int place;
    private final FieldReader reader;

    Member(int place, FieldReader reader) {
      this.place = place;
      this.reader = reader;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      StructVector struct = (StructVector) column;
      for (int i = 0; i < struct.members(); i++) {
        if (i == place) {
          reader.read(in, struct.member(i));
        } else {
          struct.member(i).appendNull();
        }
      }
      struct.endValue();
    }
  }

  /** A record inside of another. */
  static final class Record extends FieldReader {
    private final RecordFields fields;

    /** The member that says that the record is there, -1 where there is none. */
    private final int present;

    Record(RecordFields fields, int present) {
      this.fields = fields;
      this.present = present;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      StructVector struct = (StructVector) column;
      fields.read(in, struct);
      if (present >= 0) {
        ((BooleanVector) struct.member(present)).append(true);
      }
      struct.endValue();
    }
  }

  static final class Array extends FieldReader {
    private final FieldReader item;
    private final int itemBytes;
    private final int itemValues;

    /**
     * @param itemBytes the fewest bytes of an item
     * @param itemValues values that an item has in its columns
     */
    Array(FieldReader item, int itemBytes, int itemValues) {
      this.item = item;
      this.itemBytes = itemBytes;
      this.itemValues = itemValues;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ListVector list = (ListVector) column;
      ColumnVector items = list.items();
      for (int left = in.readFirstBlock(itemBytes, itemValues);
          left > 0;
          left = in.readNextBlock(itemBytes, itemValues)) {
        try {
          for (; left > 0; left--) {
            item.read(in, items);
          }
        } catch (DecodeException e) {
          e.withinItem();
          throw e;
        }
      }
      list.endValue();
    }
  }

  /**
   * A map. Of several values with the same key the last one counts, as in Avro's Java readers,
   * which put them into a HashMap. Equal keys are rare: only where there are some is the map read
   * again, without those that are replaced later.
   */
  static final class Map extends FieldReader {
    private final FieldReader value;
    private final int itemBytes;
    private final int itemValues;
    private final RepeatedKeys repeated = new RepeatedKeys();

    /**
     * @param valueBytes the fewest bytes of an entry's value
     * @param itemValues values that an entry has in its columns
     */
    Map(FieldReader value, int valueBytes, int itemValues) {
      this.value = value;
      this.itemBytes = valueBytes + 1;
      this.itemValues = itemValues;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ListVector list = (ListVector) column;
      StructVector items = (StructVector) list.items();
      int start = in.position;
      long emptyItems = in.emptyItems;
      long values = in.values;
      int first = items.size();
      readEntries(in, list, false);
      if (repeated.find((BytesVector) items.member(0), first)) {
        list.restartValue();
        in.position = start;
        in.emptyItems = emptyItems;
        in.values = values;
        readEntries(in, list, true);
      }
      list.endValue();
    }

    private void readEntries(AvroInput in, ListVector list, boolean again) throws DecodeException {
      StructVector items = (StructVector) list.items();
      BytesVector keys = (BytesVector) items.member(0);
      ColumnVector values = items.member(1);
      int entry = 0;
      for (int left = in.readFirstBlock(itemBytes, itemValues);
          left > 0;
          left = in.readNextBlock(itemBytes, itemValues)) {
        for (; left > 0; left--) {
          int length = in.readLength();
          FlatReaders.appendText(keys, in, in.position, length);
          in.position += length;
          try {
            value.read(in, values);
          } catch (DecodeException e) {
            e.withinItem();
            throw e;
          }
          items.endValue();
          if (again && repeated.isRepeated(entry++)) {
            list.dropLastItem();
          }
        }
      }
    }
  }

  /** Months, days and milliseconds, each unsigned. */
  private static final class Duration extends FieldReader {
    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      StructVector struct = (StructVector) column;
      for (int i = 0; i < AvroTypes.DURATION_MEMBERS.size(); i++) {
        ((LongVector) struct.member(i)).append(in.readUnsignedInt());
      }
      struct.endValue();
    }
  }
}
