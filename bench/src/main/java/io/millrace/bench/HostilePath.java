package io.millrace.bench;

import io.millrace.core.avro.AvroTables;
import io.millrace.core.avro.DecodeException;
import io.millrace.core.avro.RecordDecoder;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.wire.WireFormat;
import io.millrace.ingest.task.RecordTrial;
import io.millrace.ingest.task.TaskSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Code that takes whatever a record's value holds. */
interface HostilePath {
  /** As in reports. */
  String name();

  /** The value that carries this Avro payload, or what goes for one. */
  byte[] value(byte[] payload, Random random);

  /** Whether it is a row. */
  boolean decode(byte[] value);

  /** The deserializer of ingest's tasks, by schema id. */
  final class Ingest implements HostilePath {
    private static final int ID = 1;
    private static final int SUCCESSOR = 2;
    private final Headers headers = new RecordHeaders();
    private final RecordTrial trial;

    Ingest(Schema schema, Schema successor, Path directory) {
      TaskSpec spec =
          TaskSpec.of(
              StreamConfig.of("hostile", "hostile", directory.toString()),
              "",
              Map.of(),
              new RegistryConfig("http://unused", Map.of()),
              Map.of(),
              directory.toString(),
              AvroTables.layout(schema, KafkaColumns.DEFAULT),
              1,
              Optional.empty());
      trial = new RecordTrial(spec, new MapRegistry(Map.of(ID, schema, SUCCESSOR, successor)));
    }

    @Override
    public String name() {
      return "ingest";
    }

    /** In Confluent's wire format; now and then with another magic byte or id, or cut within. */
    @Override
    public byte[] value(byte[] payload, Random random) {
      byte[] value = new byte[WireFormat.HEADER_BYTES + payload.length];
      int id =
          switch (random.nextInt(50)) {
            case 0, 1, 2 -> SUCCESSOR;
            case 3 -> random.nextInt(100) - 50;
            case 4 -> random.nextInt();
            default -> ID;
          };
      WireFormat.putHeader(value, 0, id);
      System.arraycopy(payload, 0, value, WireFormat.HEADER_BYTES, payload.length);
      return switch (random.nextInt(100)) {
        case 0 -> Arrays.copyOf(value, random.nextInt(WireFormat.HEADER_BYTES));
        case 1 -> {
          value[0] = (byte) random.nextInt();
          yield value;
        }
        default -> value;
      };
    }

    @Override
    public boolean decode(byte[] value) {
      return trial.decode(headers, null, ByteBuffer.wrap(value));
    }
  }

  /** A decoder that stores one column and passes all other fields by, as the Spark source does. */
  final class Projection implements HostilePath {
    private final RecordDecoder decoder;
    private final ColumnBatch batch;

    /**
     * @param columns of the table, of which one is chosen
     */
    Projection(Schema schema, TableLayout columns, Random random) {
      TableLayout chosen =
          columns.columns().isEmpty()
              ? columns
              : new TableLayout(
                  List.of(columns.columns().get(random.nextInt(columns.columns().size()))));
      decoder = AvroTables.projection(schema, columns, chosen);
      batch = new ColumnBatch(chosen);
    }

    @Override
    public String name() {
      return "projection";
    }

    @Override
    public byte[] value(byte[] payload, Random random) {
      return payload;
    }

    @Override
    public boolean decode(byte[] value) {
      batch.clear();
      try {
        decoder.decode(ByteBuffer.wrap(value), batch);
        batch.endRow();
        return true;
      } catch (DecodeException e) {
        batch.discardRow();
        return false;
      }
    }
  }
}
