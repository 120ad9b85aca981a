package io.millrace.core.avro.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random record schemas with every Avro type, nested to a few levels. */
public final class RandomSchemas {
  private static final int DEPTH = 3;

  private final Random random;
  private int names;

  RandomSchemas(Random random) {
    this.random = random;
  }

  Schema next() {
    return record("Row", DEPTH);
  }

  private Schema record(String name, int depth) {
    List<Schema.Field> fields = new ArrayList<>();
    int count = random.nextInt(depth == DEPTH ? 9 : 4);
    for (int i = 0; i < count; i++) {
      fields.add(new Schema.Field("f" + i, any(depth)));
    }
    return Schema.createRecord(name, null, "test", false, fields);
  }

  private Schema any(int depth) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> nullable(noUnion(depth));
      case 2 -> union(depth);
      default -> noUnion(depth);
    };
  }

  private Schema nullable(Schema type) {
    Schema none = Schema.create(Schema.Type.NULL);
    if (type.getType() == Schema.Type.NULL) {
      return Schema.createUnion(none);
    }
    return random.nextBoolean() ? Schema.createUnion(none, type) : Schema.createUnion(type, none);
  }

  private Schema union(int depth) {
    Map<String, Schema> branches = new LinkedHashMap<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Schema branch = noUnion(depth - 1);
      branches.put(branch.getFullName(), branch);
    }
    return Schema.createUnion(List.copyOf(branches.values()));
  }

  private Schema noUnion(int depth) {
    if (depth > 0 && random.nextInt(4) == 0) {
      return switch (random.nextInt(3)) {
        case 0 -> Schema.createArray(any(depth - 1));
        case 1 -> Schema.createMap(any(depth - 1));
        default -> record("Inner" + names++, depth - 1);
      };
    }
    return flat();
  }

  private Schema flat() {
    Schema.Type[] simple = {
      Schema.Type.NULL,
      Schema.Type.BOOLEAN,
      Schema.Type.INT,
      Schema.Type.LONG,
      Schema.Type.FLOAT,
      Schema.Type.DOUBLE,
      Schema.Type.STRING,
      Schema.Type.BYTES
    };
    return switch (random.nextInt(24)) {
      case 0 -> Schema.createEnum("Colour" + names++, null, "test", List.of("RED", "GREEN"));
      case 1 -> fixed(random.nextInt(20));
      case 2 -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
      case 3 -> LogicalTypes.timeMillis().addToSchema(Schema.create(Schema.Type.INT));
      case 4 -> LogicalTypes.timeMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 5 -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case 6 -> LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 7 -> LogicalTypes.timestampNanos().addToSchema(Schema.create(Schema.Type.LONG));
      case 8 -> LogicalTypes.localTimestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
      case 9 -> LogicalTypes.localTimestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
      case 10 -> LogicalTypes.uuid().addToSchema(Schema.create(Schema.Type.STRING));
      case 11 -> LogicalTypes.uuid().addToSchema(fixed(16));
      case 12 -> {
        int precision = 1 + random.nextInt(50);
        yield LogicalTypes.decimal(precision, random.nextInt(precision + 1))
            .addToSchema(Schema.create(Schema.Type.BYTES));
      }
      case 13 -> {
        Schema fixed = fixed(1 + random.nextInt(18));
        // The most digits that surely fit into so many bytes.
        int most = (int) Math.floor(Math.log10(2) * (8 * fixed.getFixedSize() - 1));
        yield most == 0 ? fixed : LogicalTypes.decimal(most, most / 2).addToSchema(fixed);
      }
      case 14 -> {
        Schema duration = fixed(12);
        duration.addProp("logicalType", "duration");
        yield duration;
      }
      default -> Schema.create(simple[random.nextInt(simple.length)]);
    };
  }

  private Schema fixed(int size) {
    return Schema.createFixed("Fixed" + names++, null, "test", size);
  }

  /**
   * A schema that may follow on this one: fields added, removed, reordered and promoted, nulls
   * allowed, branches and symbols added, at every level.
   */
  Schema successor(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> successorRecord(schema);
      case ARRAY -> Schema.createArray(successor(schema.getElementType()));
      case MAP -> Schema.createMap(successor(schema.getValueType()));
      case UNION -> successorUnion(schema);
      case INT ->
          schema.getLogicalType() == null && random.nextBoolean()
              ? Schema.create(Schema.Type.LONG)
              : schema;
      case FLOAT -> Schema.create(random.nextBoolean() ? Schema.Type.DOUBLE : Schema.Type.FLOAT);
      case ENUM ->
          Schema.createEnum(schema.getName(), null, "test", List.of("GREEN", "RED", "BLUE"));
      default -> schema;
    };
  }

  private Schema successorRecord(Schema schema) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      if (random.nextInt(5) > 0) {
        Schema type = successor(field.schema());
        boolean widen = type.getType() != Schema.Type.UNION && random.nextInt(5) == 0;
        fields.add(new Schema.Field(field.name(), widen ? nullable(type) : type));
      }
    }
    if (random.nextBoolean()) {
      fields.add(new Schema.Field("g" + names++, any(1)));
    }
    Collections.shuffle(fields, random);
    return Schema.createRecord(schema.getName(), null, "test", false, fields);
  }

  private Schema successorUnion(Schema union) {
    Map<String, Schema> branches = new LinkedHashMap<>();
    boolean several =
        union.getTypes().stream().filter(b -> b.getType() != Schema.Type.NULL).count() > 1;
    if (several && random.nextBoolean()) {
      Schema added = flat();
      branches.put(added.getName(), added);
    }
    for (Schema branch : union.getTypes()) {
      // A union may not have the promoted type already.
      branches.put(
          branch.getName(), branch.getType() == Schema.Type.RECORD ? successor(branch) : branch);
    }
    return Schema.createUnion(List.copyOf(branches.values()));
  }
}
