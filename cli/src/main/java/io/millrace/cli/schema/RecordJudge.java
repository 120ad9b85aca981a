package io.millrace.cli.schema;

import io.millrace.cli.schema.RecordFit.Outcome;
import io.millrace.cli.schema.RecordFit.Result;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/** Judges values in Confluent's wire format by the schema ids that they carry. For one thread. */
final class RecordJudge {
  private final SchemaRegistry registry;
  private final RecordFit fit;
  private final Map<Integer, String> unknown = new HashMap<>();

  RecordJudge(SchemaRegistry registry, Schema next) {
    this.registry = registry;
    this.fit = new RecordFit(next);
  }

  /**
   * @throws MillraceException {@code UNREACHABLE} where the registry does not answer
   */
  Outcome judge(byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value);
    if (!WireFormat.hasHeader(bytes)) {
      return new Outcome(
          Result.UNREADABLE, "it does not begin with the magic byte 0 and a schema id");
    }
    int id = WireFormat.schemaId(bytes);
    if (!unknown.containsKey(id)) {
      try {
        Schema own = registry.byId(id);
        Outcome outcome = fit.fit(own, value, WireFormat.HEADER_BYTES);
        return outcome.result() == Result.FITS
            ? outcome
            : new Outcome(outcome.result(), "schema id " + id + ": " + outcome.reason());
      } catch (MillraceException e) {
        if (e.exitCode() != ExitCode.USAGE) {
          throw e;
        }
        unknown.put(id, e.problem() + ": " + e.reason());
      }
    }
    return new Outcome(Result.UNREADABLE, unknown.get(id));
  }
}
