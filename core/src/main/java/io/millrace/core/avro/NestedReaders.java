package io.millrace.core.avro;

import io.millrace.core.column.BooleanVector;
import io.millrace.core.column.BytesVector;
import io.millrace.core.column.ColumnVector;
import io.millrace.core.column.ListVector;
import io.millrace.core.column.LongVector;
import io.millrace.core.column.StructVector;
import java.security.SecureRandom;
import java.util.Arrays;
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

    Array(FieldReader item, int itemBytes) {
      this.item = item;
      this.itemBytes = itemBytes;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ListVector list = (ListVector) column;
      ColumnVector items = list.items();
      for (int left = in.readFirstBlock(itemBytes); left > 0; left = in.readNextBlock(itemBytes)) {
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
    /** Up to here each key is compared with all before; then by a table of hashes. */
    private static final int FEW = 8;

    /** Another one in each process, so that nobody can write keys that all meet in one place. */
    private static final int HASH_FACTOR = new SecureRandom().nextInt() << 3 | 5;

    private final FieldReader value;
    private final int itemBytes;
    private int[] starts = new int[16];
    private int[] lengths = new int[16];
    private boolean[] replaced = new boolean[16];
    private int[] table = new int[64];
    private int entries;

    Map(FieldReader value, int valueBytes) {
      this.value = value;
      this.itemBytes = valueBytes + 1;
    }

    @Override
    void read(AvroInput in, ColumnVector column) throws DecodeException {
      ListVector list = (ListVector) column;
      int start = in.position;
      long emptyItems = in.emptyItems;
      entries = 0;
      readEntries(in, list, false);
      if (markReplaced(in.bytes)) {
        list.restartValue();
        in.position = start;
        in.emptyItems = emptyItems;
        entries = 0;
        readEntries(in, list, true);
      }
      list.endValue();
    }

    private void readEntries(AvroInput in, ListVector list, boolean again) throws DecodeException {
      StructVector items = (StructVector) list.items();
      BytesVector keys = (BytesVector) items.member(0);
      ColumnVector values = items.member(1);
      for (int left = in.readFirstBlock(itemBytes); left > 0; left = in.readNextBlock(itemBytes)) {
        for (; left > 0; left--) {
          int length = in.readLength();
          if (!again) {
            addKey(in.position, length);
          }
          FlatReaders.appendText(keys, in, in.position, length);
          in.position += length;
          try {
            value.read(in, values);
          } catch (DecodeException e) {
            e.withinItem();
            throw e;
          }
          items.endValue();
          if (again && replaced[entries++]) {
            list.dropLastItem();
          }
        }
      }
    }

    private void addKey(int start, int length) {
      if (entries == starts.length) {
        starts = Arrays.copyOf(starts, 2 * entries);
        lengths = Arrays.copyOf(lengths, 2 * entries);
        replaced = Arrays.copyOf(replaced, 2 * entries);
      }
      starts[entries] = start;
      lengths[entries++] = length;
    }

    /** Marks entries whose key comes again; false where there are none. */
    private boolean markReplaced(byte[] bytes) {
      if (entries < 2) {
        return false;
      }
      Arrays.fill(replaced, 0, entries, false);
      return entries <= FEW ? compareAll(bytes) : compareHashes(bytes);
    }

    private boolean compareAll(byte[] bytes) {
      boolean found = false;
      for (int later = 1; later < entries; later++) {
        for (int earlier = 0; earlier < later; earlier++) {
          if (same(bytes, earlier, later)) {
            replaced[earlier] = true;
            found = true;
          }
        }
      }
      return found;
    }

    private boolean compareHashes(byte[] bytes) {
      int size = Integer.highestOneBit(entries) << 2;
      if (table.length < size) {
        table = new int[size];
      } else {
        Arrays.fill(table, 0, size, 0);
      }
      boolean found = false;
      for (int entry = 0; entry < entries; entry++) {
        int slot = hash(bytes, starts[entry], lengths[entry]) & (size - 1);
        while (table[slot] != 0 && !same(bytes, table[slot] - 1, entry)) {
          slot = (slot + 1) & (size - 1);
        }
        if (table[slot] != 0) {
          replaced[table[slot] - 1] = true;
          found = true;
        }
        table[slot] = entry + 1;
      }
      return found;
    }

    private boolean same(byte[] bytes, int a, int b) {
      return lengths[a] == lengths[b]
          && Arrays.equals(
              bytes, starts[a], starts[a] + lengths[a], bytes, starts[b], starts[b] + lengths[b]);
    }

    private static int hash(byte[] bytes, int start, int length) {
      int hash = length;
      for (int i = start; i < start + length; i++) {
        hash = HASH_FACTOR * hash + bytes[i];
      }
      return hash ^ hash >>> 15;
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
