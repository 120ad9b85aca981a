package io.millrace.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.NumberTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random records of random schemas: Spark reads from the vectors what is in them. */
class SparkVectorsTest {
  private static final int SCHEMAS = 200;
  private static final int ROWS = 30;

  @ParameterizedTest
  @EnumSource(NumberTypes.class)
  void sparkReadsWhatTheVectorsHold(NumberTypes numbers) throws Exception {
    RandomRecords random = new RandomRecords(7);
    int compared = 0;
    for (int i = 0; i < SCHEMAS; i++) {
      Schema schema = random.schema();
      TableLayout layout = AvroTables.layout(schema, KafkaColumns.DEFAULT, numbers);
      StructType type = SparkTypes.struct(layout.columns());
      UnsafeProjection unsafe = UnsafeProjection.create(type);
      RecordDecoder decoder = AvroTables.projection(schema, layout);
      ColumnBatch batch = new ColumnBatch(layout);
      SparkVectors vectors = new SparkVectors(batch);
      // The second time, the vectors have been shown and cleared.
      for (int time = 0; time < 2; time++) {
        batch.clear();
        while (batch.rows() < ROWS) {
          append(random.record(schema), decoder, batch);
        }
        ColumnarBatch shown = vectors.show(batch.rows());
        assertThat(shown.numRows()).isEqualTo(batch.rows());
        for (int row = 0; row < batch.rows(); row++) {
          List<Object> expected = VectorValues.row(batch, row);
          assertThat(members(shown.getRow(row), type)).as("%s", type).isEqualTo(expected);
          assertThat(members(unsafe.apply(shown.getRow(row)), type)).isEqualTo(expected);
          assertThat(members(shown.getRow(row).copy(), type)).isEqualTo(expected);
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThan(SCHEMAS * ROWS);
  }

  private static void append(byte[] avro, RecordDecoder decoder, ColumnBatch batch) {
    try {
      decoder.decode(ByteBuffer.wrap(avro), batch);
      batch.setKafka(batch.endRow(), 3, 4, 5);
    } catch (DecodeException e) {
      batch.discardRow();
    }
  }

  private static List<Object> members(InternalRow row, StructType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < type.size(); i++) {
      StructField field = type.fields()[i];
      values.add(row.isNullAt(i) ? null : value(row, i, field.dataType()));
    }
    return values;
  }

  private static List<Object> items(ArrayData array, DataType type) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < array.numElements(); i++) {
      values.add(array.isNullAt(i) ? null : value(array, i, type));
    }
    return values;
  }

  private static Object value(SpecializedGetters from, int place, DataType type) {
    if (type instanceof StructType struct) {
      return members(from.getStruct(place, struct.size()), struct);
    }
    if (type instanceof ArrayType array) {
      return items(from.getArray(place), array.elementType());
    }
    if (type instanceof MapType map) {
      MapData data = from.getMap(place);
      List<Object> keys = items(data.keyArray(), map.keyType());
      List<Object> values = items(data.valueArray(), map.valueType());
      Map<Object, Object> entries = new HashMap<>();
      for (int i = 0; i < keys.size(); i++) {
        entries.put(keys.get(i), values.get(i));
      }
      return entries;
    }
    if (type instanceof DecimalType decimal) {
      Decimal value = from.getDecimal(place, decimal.precision(), decimal.scale());
      return value.toJavaBigDecimal();
    }
    if (type.equals(DataTypes.StringType)) {
      return from.getUTF8String(place).toString();
    }
    if (type.equals(DataTypes.BinaryType)) {
      return ByteBuffer.wrap(from.getBinary(place));
    }
    return from.get(place, type);
  }
}
