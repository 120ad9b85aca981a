package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.avro.testing.RandomRecords;
import io.millrace.core.avro.testing.VectorValues;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
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

  private static final Pattern TEXT_DECIMAL = Pattern.compile("\"precision\":(39|4[0-9]|50)");

  private final Random random = new Random(11);
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
      // Digits for which there is no column type are made into text by BigDecimal.
      boolean textDecimals = TEXT_DECIMAL.matcher(schema.toString()).find();
      byte[][] seeds = new byte[20][];
      for (int i = 0; i < seeds.length; i++) {
        seeds[i] = records.record(schema);
      }
      for (int p = 0; p < PAYLOADS / SCHEMAS; p++) {
        byte[] payload = mutated(seeds[random.nextInt(seeds.length)]);
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
        if (!textDecimals && allocated >= 4L * payload.length + REFUSAL_BYTES) {
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

  private byte[] mutated(byte[] record) throws IOException {
    byte[] bytes = record.clone();
    switch (random.nextInt(8)) {
      case 0 -> {
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      case 2 -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(8));
      }
      case 3 -> {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        return noise;
      }
      case 4 -> {
        return withNumber(bytes);
      }
      default -> {
        for (int flips = 1 + random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
      }
    }
  }

  /** With a length or count in it that is far too large, or negative. */
  private byte[] withNumber(byte[] bytes) throws IOException {
    long[] numbers = {
      Integer.MAX_VALUE,
      Integer.MAX_VALUE - 1L,
      1L << 31,
      1L << 40,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      -1,
      -(1L << 31),
      100_000,
      -100_000
    };
    int place = random.nextInt(bytes.length + 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, place);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeLong(numbers[random.nextInt(numbers.length)]);
    if (random.nextBoolean()) {
      encoder.writeLong(numbers[random.nextInt(numbers.length)]);
    }
    int after = Math.min(bytes.length, place + random.nextInt(2));
    out.write(bytes, after, bytes.length - after);
    return out.toByteArray();
  }
}
