package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.avro.testing.HostilePayloads;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/**
 * Payloads that no producer sends: each becomes the row that Avro's own reader reads, or is
 * refused, and none takes more memory than its size allows for.
 */
class HostilePayloadsTest {
  /** A million with -Dmillrace.hostilePayloads=1000000. */
  private static final int PAYLOADS = Integer.getInteger("millrace.hostilePayloads", 250_000);

  private static final int SCHEMAS = 500;

  /** What a refusal may allocate beside the payload: an exception and its words. */
  private static final int REFUSAL_BYTES = 4096;

  private static final KafkaColumns NO_KAFKA =
      new KafkaColumns(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private final Random random = new Random(11);
  private final HostilePayloads hostile = new HostilePayloads(random);
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void eachIsTheRowThatAvroReadsOrIsRefused() throws Exception {
    RandomRecords records = new RandomRecords(12);
    int taken = 0;
    int refused = 0;
    for (int s = 0; s < SCHEMAS; s++) {
      Schema schema = records.schema();
      TableLayout layout = AvroTables.layout(schema, NO_KAFKA);
      RecordDecoder decoder = AvroTables.decoder(schema, layout);
      ColumnBatch batch = new ColumnBatch(layout);
      byte[][] seeds = new byte[20][];
      for (int i = 0; i < seeds.length; i++) {
        seeds[i] = records.record(schema);
      }
      for (int p = 0; p < PAYLOADS / SCHEMAS; p++) {
        byte[] payload = hostile.mutated(seeds[random.nextInt(seeds.length)]);
        GenericRecord read = RandomRecords.read(schema, payload);
        boolean isRow = read != null;
        List<Object> expected = null;
        if (isRow) {
          try {
            expected = ExpectedValues.row(read, layout.columns());
          } catch (ExpectedValues.Unstorable e) {
            isRow = false;
          }
        }
        // Once for vectors to grow: what they grow to is kept for the rows that follow.
        batch.clear();
        decode(decoder, payload, batch);
        assertThat(batch.bytes()).isLessThan(64L * payload.length + REFUSAL_BYTES);
        batch.clear();
        long before = threads.getCurrentThreadAllocatedBytes();
        boolean decoded = decode(decoder, payload, batch);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (allocated >= 4L * payload.length + REFUSAL_BYTES) {
          throw new AssertionError(
              "%d bytes allocated for the %d of %s of %s"
                  .formatted(allocated, payload.length, Arrays.toString(payload), schema));
        }
        if (decoded != isRow) {
          assertThat(decoded)
              .as("%s of %s: Avro reads %s", Arrays.toString(payload), schema, read)
              .isEqualTo(isRow);
        }
        if (decoded) {
          assertThat(VectorValues.row(batch, 0)).isEqualTo(expected);
          taken++;
        } else {
          refused++;
        }
      }
    }
    assertThat(taken).isGreaterThan(PAYLOADS / 20);
    assertThat(refused).isGreaterThan(PAYLOADS / 20);
  }

  private static boolean decode(RecordDecoder decoder, byte[] payload, ColumnBatch batch) {
    try {
      decoder.decode(ByteBuffer.wrap(payload), batch);
      batch.endRow();
      return true;
    } catch (DecodeException e) {
      batch.discardRow();
      return false;
    }
  }
}
