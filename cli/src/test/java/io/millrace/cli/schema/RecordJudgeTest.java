package io.millrace.cli.schema;

import static io.millrace.cli.schema.SchemaDiffTest.field;
import static io.millrace.cli.schema.SchemaDiffTest.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.schema.RecordFit.Outcome;
import io.millrace.cli.schema.RecordFit.Result;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class RecordJudgeTest {
  private static final UUID GUID = new UUID(1, 2);
  private static final String KIND = "{'type':'enum','name':'K','symbols':[%s]}";
  private static final Schema OLD =
      record(field("id", "'int'"), field("kind", KIND.formatted("'A','B'")));
  private static final Schema NEXT =
      record(
          field("id", "'long'"),
          field("kind", KIND.formatted("'A'")),
          "{'name':'note','type':'string','default':''}");

  private final Known registry = new Known(Map.of(7, OLD));
  private final RecordJudge judge = new RecordJudge(registry, NEXT);

  @Test
  void someValuesOfOneSchemaFitAndOthersDoNot() throws Exception {
    assertThat(judge.judge(null, encoded(OLD, "A")).result()).isEqualTo(Result.FITS);
    assertThat(judge.judge(null, encoded(OLD, "B")))
        .isEqualTo(new Outcome(Result.MISFIT, "schema id 7: No match for B"));
  }

  @Test
  void aHeaderOfTheRecordNamesTheSchema() throws Exception {
    byte[] value = encoded(OLD, "B");
    byte[] bare = Arrays.copyOfRange(value, WireFormat.HEADER_BYTES, value.length);
    byte[] id = Arrays.copyOf(value, WireFormat.HEADER_BYTES);
    byte[] guid = ByteBuffer.allocate(17).put((byte) 1).putLong(1).putLong(2).array();

    assertThat(judge.judge(id, bare).reason()).isEqualTo("schema id 7: No match for B");
    assertThat(judge.judge(guid, bare).reason())
        .isEqualTo("schema GUID " + GUID + ": No match for B");
    assertThat(judge.judge(new byte[] {9}, value).result()).isEqualTo(Result.UNREADABLE);
    guid[16] = 3;
    assertThat(judge.judge(guid, bare).reason()).contains("schema is not known");
  }

  @Test
  void aFieldThatAllOldRecordsLackIsNamed() throws Exception {
    Schema next = record(field("id", "'long'"), field("must", "'string'"));

    assertThat(new RecordJudge(registry, next).judge(null, encoded(OLD, "A")).reason())
        .contains("schema id 7", "missing required field must");
  }

  @Test
  void whatNobodyReadsIsNotTheNewSchemasFault() throws Exception {
    byte[] right = encoded(OLD, "A");
    byte[] huge = {0, 0, 0, 0, 8, -2, -1, -1, -1, 15};
    byte[] unknown = right.clone();
    unknown[4] = 9;

    assertUnreadable(new byte[] {1, 0, 0, 0, 7, 2, 0}, "magic byte");
    assertUnreadable(new byte[] {0, 0}, "magic byte");
    assertUnreadable(Arrays.copyOf(right, right.length - 1), "schema id 7");
    assertUnreadable(Arrays.copyOf(right, right.length + 1), "bytes are left");
    assertUnreadable(unknown, "schema id 9 is not known");
    assertUnreadable(unknown, "schema id 9 is not known");
    assertThat(registry.asked.get(9)).as("an id is asked for once").isEqualTo(1);
    registry.known.put(8, Schema.create(Schema.Type.BYTES));
    assertUnreadable(huge, "schema id 8");
  }

  @Test
  void aRegistryThatIsDownIsAnError() throws Exception {
    byte[] value = encoded(OLD, "A");
    registry.down = true;

    assertThatThrownBy(() -> judge.judge(null, value)).hasMessageContaining("down");
  }

  private void assertUnreadable(byte[] value, String reason) {
    Outcome outcome = judge.judge(null, value);
    assertThat(outcome.result()).isEqualTo(Result.UNREADABLE);
    assertThat(outcome.reason()).contains(reason);
  }

  private static byte[] encoded(Schema schema, String kind) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] header = new byte[WireFormat.HEADER_BYTES];
    WireFormat.putHeader(header, 0, 7);
    bytes.write(header);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<>(schema)
        .write(
            new GenericRecordBuilder(schema)
                .set("id", 1)
                .set("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), kind))
                .build(),
            encoder);
    return bytes.toByteArray();
  }

  /** A registry in memory. */
  private static final class Known implements SchemaRegistry {
    private final Map<Integer, Schema> known;
    private final Map<Integer, Integer> asked = new HashMap<>();
    private boolean down;

    Known(Map<Integer, Schema> known) {
      this.known = new HashMap<>(known);
    }

    @Override
    public Schema byId(int id) {
      asked.merge(id, 1, Integer::sum);
      if (down) {
        throw new MillraceException(ExitCode.UNREACHABLE, "down", "it is off", "Start it");
      }
      if (!known.containsKey(id)) {
        throw new MillraceException(
            ExitCode.USAGE, "schema id " + id + " is not known", "never given", "Register it");
      }
      return known.get(id);
    }

    @Override
    public Schema byGuid(UUID guid) {
      if (!guid.equals(GUID)) {
        throw new MillraceException(ExitCode.USAGE, "schema is not known", "never given", "");
      }
      return OLD;
    }

    @Override
    public Registered latest(String subject) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int register(String subject, Schema schema) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
