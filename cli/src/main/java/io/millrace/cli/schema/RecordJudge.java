package io.millrace.cli.schema;

import io.millrace.cli.schema.RecordFit.Outcome;
import io.millrace.cli.schema.RecordFit.Result;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.SchemaKey;
import io.millrace.core.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/** Judges values in Confluent's wire format by the schemas that they name. For one thread. */
final class RecordJudge {
  private final SchemaRegistry registry;
  private final RecordFit fit;
  private final Map<SchemaKey, String> unknown = new HashMap<>();

  RecordJudge(SchemaRegistry registry, Schema next) {
    this.registry = registry;
    this.fit = new RecordFit(next);
  }

  /**
   * @param header of the record that names the schema; null where it has none
   * @throws MillraceException {@code UNREACHABLE} where the registry does not answer
   */
  Outcome judge(byte[] header, byte[] value) {
    if (header != null) {
      return WireFormat.schemaKey(header)
          .map(key -> judge(key, value, 0))
          .orElseGet(
              () -> new Outcome(Result.UNREADABLE, "its header names neither an id nor a GUID"));
    }
    ByteBuffer bytes = ByteBuffer.wrap(value);
    if (!WireFormat.hasHeader(bytes)) {
      return new Outcome(
          Result.UNREADABLE, "it does not begin with the magic byte 0 and a schema id");
    }
    return judge(SchemaKey.ofId(WireFormat.schemaId(bytes)), value, WireFormat.HEADER_BYTES);
  }

  private Outcome judge(SchemaKey key, byte[] value, int prefix) {
    if (!unknown.containsKey(key)) {
      try {
        Outcome outcome = fit.fit(registry.byKey(key), value, prefix);
        return outcome.result() == Result.FITS
            ? outcome
            : new Outcome(outcome.result(), key + ": " + outcome.reason());
      } catch (MillraceException e) {
        if (e.exitCode() != ExitCode.USAGE) {
          throw e;
        }
        unknown.put(key, e.problem() + ": " + e.reason());
      }
    }
    return new Outcome(Result.UNREADABLE, unknown.get(key));
  }
}
