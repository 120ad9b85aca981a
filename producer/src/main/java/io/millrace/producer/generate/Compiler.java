package io.millrace.producer.generate;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Turns schemas into writers; the composed types are here, the others in {@link Leaves}. */
final class Compiler {
  /** Below this depth of records, arrays and maps a value takes the shortest way to its end. */
  static final int DEPTH_LIMIT = 6;

  private static final double NULL_RATE = 0.1;
  private static final int MOST_ITEMS = 4;

  private final Hints hints;
  private final Depths depths = new Depths();
  private final Map<String, RecordWriter> inProgress = new HashMap<>();

  Compiler(Hints hints) {
    this.hints = hints;
  }

  /** Writers of a record's fields; {@code path} is the record's own, empty at the top. */
  Writer[] fields(Schema record, String path) {
    if (depths.of(record) == Depths.ENDLESS) {
      throw new MillraceException(
          ExitCode.USAGE,
          "No value of the schema " + record.getFullName() + " can be made",
          "it holds itself with no union, array or map between",
          "Make the field that refers to it nullable");
    }
    RecordWriter self = new RecordWriter();
    RecordWriter outer = inProgress.put(record.getFullName(), self);
    List<Schema.Field> fields = record.getFields();
    Writer[] writers = new Writer[fields.size()];
    for (int i = 0; i < writers.length; i++) {
      Schema.Field field = fields.get(i);
      String fieldPath = path.isEmpty() ? field.name() : path + "." + field.name();
      Hint hint = hints.find(fieldPath, field, field.schema());
      writers[i] = value(field.schema(), hint, fieldPath);
    }
    self.fields = writers;
    if (outer == null) {
      inProgress.remove(record.getFullName());
    } else {
      inProgress.put(record.getFullName(), outer);
    }
    return writers;
  }

  private Writer value(Schema schema, Hint hint, String path) {
    return switch (schema.getType()) {
      case RECORD -> record(schema, path);
      case UNION -> union(schema, hint, path);
      case ARRAY -> array(schema, hint, path);
      case MAP -> map(schema, hint, path);
      default -> Leaves.writer(schema, hint, path);
    };
  }

  private Writer record(Schema schema, String path) {
    RecordWriter recursion = inProgress.get(schema.getFullName());
    if (recursion != null) {
      return recursion;
    }
    RecordWriter writer = new RecordWriter();
    writer.fields = fields(schema, path);
    return writer;
  }

  private Writer union(Schema schema, Hint hint, String path) {
    List<Schema> branches = schema.getTypes();
    Writer[] writers = new Writer[branches.size()];
    int shortest = 0;
    int nulls = -1;
    for (int i = 0; i < writers.length; i++) {
      Schema branch = branches.get(i);
      if (branch.getType() == Schema.Type.NULL) {
        nulls = i;
      }
      Hint own = hint.equals(Hint.NONE) ? hints.find(path, null, branch) : hint;
      writers[i] = value(branch, own, path);
      if (depths.of(branch) < depths.of(branches.get(shortest))) {
        shortest = i;
      }
    }
    double nullRate = hint.nullRate() == null ? NULL_RATE : hint.nullRate();
    return new UnionWriter(writers, branchSampler(writers.length, nulls, nullRate), shortest);
  }

  private static Sampler branchSampler(int branches, int nulls, double nullRate) {
    if (branches == 1 || nulls < 0) {
      return Sampler.uniform(branches);
    }
    double[] weights = new double[branches];
    for (int i = 0; i < branches; i++) {
      weights[i] = i == nulls ? nullRate : (1 - nullRate) / (branches - 1);
    }
    return Sampler.weighted(weights);
  }

  private Writer array(Schema schema, Hint hint, String path) {
    String itemPath = path + "[]";
    Schema item = schema.getElementType();
    Writer items = value(item, hints.find(itemPath, null, item), itemPath);
    return new BlockWriter(null, items, hint);
  }

  private Writer map(Schema schema, Hint hint, String path) {
    String valuePath = path + "{}";
    Schema value = schema.getValueType();
    Writer values = value(value, hints.find(valuePath, null, value), valuePath);
    String keyPath = path + "{key}";
    Hint keyHint = hints.find(keyPath, null, Leaves.MAP_KEY);
    return new BlockWriter(Leaves.mapKey(keyHint, keyPath), values, hint);
  }

  private static final class RecordWriter extends Writer {
    private Writer[] fields;

    @Override
    void write(Draft draft) {
      draft.depth++;
      for (Writer field : fields) {
        field.write(draft);
      }
      draft.depth--;
    }
  }

  private static final class UnionWriter extends Writer {
    private final Writer[] branches;
    private final Sampler sampler;
    private final int shortest;

    UnionWriter(Writer[] branches, Sampler sampler, int shortest) {
      this.branches = branches;
      this.sampler = sampler;
      this.shortest = shortest;
    }

    @Override
    void write(Draft draft) {
      int branch = draft.depth >= DEPTH_LIMIT ? shortest : (int) sampler.draw(draft);
      draft.putLong(branch);
      branches[branch].write(draft);
    }
  }

  /**
   * Arrays and maps: a count, so many items, and a zero as the end. Keys of a list follow each
   * other from the drawn one on, so that a map has none twice.
   */
  private static final class BlockWriter extends Writer {
    private final Writer keys;
    private final Choices chosenKeys;
    private final Writer items;
    private final int least;
    private final int most;

    BlockWriter(Writer keys, Writer items, Hint hint) {
      this.keys = keys;
      this.chosenKeys = keys instanceof Choices choices ? choices : null;
      this.items = items;
      int limit = chosenKeys == null ? Integer.MAX_VALUE : chosenKeys.size();
      int from = hint.minLength() == null ? 0 : hint.minLength();
      int to = hint.maxLength() == null ? Math.max(from, MOST_ITEMS) : hint.maxLength();
      this.least = Math.min(from, limit);
      this.most = Math.min(to, limit);
    }

    @Override
    void write(Draft draft) {
      int count =
          draft.depth >= DEPTH_LIMIT ? 0 : least + (int) draft.below((long) most - least + 1);
      if (count > 0) {
        draft.putLong(count);
        draft.depth++;
        int firstKey = chosenKeys == null ? 0 : chosenKeys.draw(draft);
        for (int i = 0; i < count; i++) {
          if (chosenKeys != null) {
            chosenKeys.write(draft, (firstKey + i) % chosenKeys.size());
          } else if (keys != null) {
            keys.write(draft);
          }
          items.write(draft);
        }
        draft.depth--;
      }
      draft.putLong(0);
    }
  }
}
