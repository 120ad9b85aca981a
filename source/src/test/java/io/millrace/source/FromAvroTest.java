package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.spark.sql.avro.AvroDataToCatalyst;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * Random records of random schemas, decoded by ours and by Spark's from_avro: the same values
 * wherever both have the same type for a field.
 */
class FromAvroTest {
  private static final int SCHEMAS = 400;
  private static final int ROWS = 20;

  private int compared;
  private int schemas;
  private final Set<String> types = new HashSet<>();

  @Test
  void fromAvroReadsTheSame() throws Exception {
    RandomRecords random = new RandomRecords(11);
    for (int i = 0; i < SCHEMAS; i++) {
      compare(random, random.schema());
    }

    assertThat(schemas).isGreaterThan(SCHEMAS / 2);
    assertThat(compared).isGreaterThan(SCHEMAS * ROWS);
    assertThat(types)
        .contains(
            "boolean",
            "int",
            "bigint",
            "float",
            "double",
            "string",
            "binary",
            "date",
            "timestamp",
            "timestamp_ntz")
        .anyMatch(type -> type.startsWith("decimal"))
        .anyMatch(type -> type.startsWith("struct"))
        .anyMatch(type -> type.startsWith("array"))
        .anyMatch(type -> type.startsWith("map"));
  }

  /** Empty where from_avro can't read the schema, such as decimals of more than 38 digits. */
  private static Optional<StructType> typeOf(AvroDataToCatalyst fromAvro) {
    try {
      return Optional.of((StructType) fromAvro.dataType());
    } catch (ArithmeticException e) {
      return Optional.empty();
    }
  }

  private void compare(RandomRecords random, Schema schema) throws Exception {
    AvroDataToCatalyst fromAvro =
        new AvroDataToCatalyst(
            new BoundReference(0, DataTypes.BinaryType, false),
            schema.toString(),
            scala.collection.immutable.Map$.MODULE$.empty());
    StructType theirs = typeOf(fromAvro).orElse(null);
    if (theirs == null) {
      return;
    }
    schemas++;
    TableLayout layout = AvroTables.layout(schema, KafkaColumns.DEFAULT, NumberTypes.EXACT);
    StructType ours = SparkTypes.struct(layout.columns());
    RecordDecoder decoder = AvroTables.projection(schema, layout);
    ColumnBatch batch = new ColumnBatch(layout);
    SparkVectors vectors = new SparkVectors(batch);
    for (int row = 0; row < ROWS; row++) {
      byte[] avro = random.record(schema);
      batch.clear();
      try {
        decoder.decode(ByteBuffer.wrap(avro), batch);
      } catch (DecodeException e) {
        batch.discardRow();
        continue; // out of a column's range
      }
      batch.setKafka(batch.endRow(), 0, 0, 0);
      List<Object> our = SparkValues.members(vectors.show(1).getRow(0), ours);
      InternalRow read = (InternalRow) fromAvro.eval(new GenericInternalRow(new Object[] {avro}));
      List<Object> their = SparkValues.members(read, theirs);
      compare(ours, our, theirs, their);
    }
  }

  private void compare(StructType ours, List<Object> our, StructType theirs, List<Object> their) {
    for (int place = 0; place < theirs.size(); place++) {
      String name = theirs.fields()[place].name();
      if (!List.of(ours.fieldNames()).contains(name)) {
        continue; // of type null
      }
      int ourPlace = ours.fieldIndex(name);
      DataType type = ours.fields()[ourPlace].dataType().asNullable();
      if (type.equals(theirs.fields()[place].dataType().asNullable())) {
        assertThat(our.get(ourPlace)).as(name + " " + type).isEqualTo(their.get(place));
        types.add(type.simpleString());
        compared++;
      }
    }
  }
}
