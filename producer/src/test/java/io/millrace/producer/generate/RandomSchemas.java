package io.millrace.producer.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random schemas of all of Avro's types, logical types included. */
final class RandomSchemas {
  private final Random random;
  private int names;

  RandomSchemas(long seed) {
    random = new Random(seed);
  }

  Schema record() {
    return record(0);
  }

  private Schema record(int depth) {
    Schema record = Schema.createRecord("R" + names++, null, "x", false);
    List<Schema.Field> fields = new ArrayList<>();
    int count = 1 + random.nextInt(depth == 0 ? 30 : 5);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, any(depth), null, null));
    }
    fields.add(
        new Schema.Field(
            "again", Schema.createUnion(Schema.create(Schema.Type.NULL), record), null, null));
    record.setFields(fields);
    return record;
  }

  private Schema any(int depth) {
    if (depth < 3) {
      switch (random.nextInt(8)) {
        case 0:
          return record(depth + 1);
        case 1:
          return Schema.createArray(any(depth + 1));
        case 2:
          return Schema.createMap(any(depth + 1));
        case 3:
          return union(depth);
        default:
          break;
      }
    }
    return leaf();
  }

  private Schema union(int depth) {
    List<Schema> branches = new ArrayList<>();
    branches.add(leafOf(random.nextInt(8)));
    branches.add(Schema.createArray(any(depth + 1)));
    branches.add(record(depth + 1));
    branches.add(Schema.createMap(any(depth + 1)));
    if (branches.get(0).getType() != Schema.Type.NULL && random.nextBoolean()) {
      branches.add(random.nextInt(branches.size()), Schema.create(Schema.Type.NULL));
    }
    return Schema.createUnion(branches);
  }

  private Schema leaf() {
    return leafOf(random.nextInt(24));
  }

  private Schema leafOf(int kind) {
    Schema ints = Schema.create(Schema.Type.INT);
    Schema longs = Schema.create(Schema.Type.LONG);
    return switch (kind) {
      case 0 -> Schema.create(Schema.Type.NULL);
      case 1 -> Schema.create(Schema.Type.BOOLEAN);
      case 2 -> ints;
      case 3 -> longs;
      case 4 -> Schema.create(Schema.Type.FLOAT);
      case 5 -> Schema.create(Schema.Type.DOUBLE);
      case 6 -> Schema.create(Schema.Type.STRING);
      case 7 -> Schema.create(Schema.Type.BYTES);
      case 8 -> Schema.createFixed("F" + names++, null, "x", 1 + random.nextInt(20));
      case 9 -> Schema.createEnum("E" + names++, null, "x", List.of("A", "B", "C"));
      case 10 -> LogicalTypes.date().addToSchema(ints);
      case 11 -> LogicalTypes.timeMillis().addToSchema(ints);
      case 12 -> LogicalTypes.timeMicros().addToSchema(longs);
      case 13 -> LogicalTypes.timestampMillis().addToSchema(longs);
      case 14 -> LogicalTypes.timestampMicros().addToSchema(longs);
      case 15 -> LogicalTypes.timestampNanos().addToSchema(longs);
      case 16 -> LogicalTypes.localTimestampMillis().addToSchema(longs);
      case 17 -> LogicalTypes.localTimestampMicros().addToSchema(longs);
      case 18 -> LogicalTypes.localTimestampNanos().addToSchema(longs);
      case 19 -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      case 20 -> {
        Schema sixteen = Schema.createFixed("U" + names++, null, "x", 16);
        yield LogicalTypes.uuid().addToSchema(sixteen);
      }
      case 21 -> {
        int precision = 1 + random.nextInt(30);
        yield LogicalTypes.decimal(precision, random.nextInt(precision + 1))
            .addToSchema(Schema.create(Schema.Type.BYTES));
      }
      case 22 -> {
        Schema fixed = Schema.createFixed("D" + names++, null, "x", 16);
        yield LogicalTypes.decimal(1 + random.nextInt(38), 0).addToSchema(fixed);
      }
      default -> {
        Schema twelve = Schema.createFixed("P" + names++, null, "x", 12);
        yield LogicalTypes.duration().addToSchema(twelve);
      }
    };
  }
}
