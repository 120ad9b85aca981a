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
import java.util.List;
import org.apache.avro.Schema;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
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
          assertThat(SparkValues.members(shown.getRow(row), type))
              .as("%s", type)
              .isEqualTo(expected);
          assertThat(SparkValues.members(unsafe.apply(shown.getRow(row)), type))
              .isEqualTo(expected);
          assertThat(SparkValues.members(shown.getRow(row).copy(), type)).isEqualTo(expected);
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
}
