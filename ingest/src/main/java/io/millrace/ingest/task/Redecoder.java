package io.millrace.ingest.task;

import io.millrace.core.avro.DecodeException;
import io.millrace.core.column.ColumnBatch;
import io.millrace.core.column.TableLayout;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.SchemaKey;
import io.millrace.core.wire.WireFormat;
import io.millrace.lake.DataFile;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.deadletter.StoredDeadLetter;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.parquet.EncodingHints;
import io.millrace.source.KeyHolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;

/**
 * Decodes dead letters again and writes those that fit into data files, with the decoder, the rules
 * and the files of ingest's tasks: a row of here is the row that ingest would have made. One
 * thread.
 */
public final class Redecoder implements AutoCloseable {
  private final TaskSpec spec;
  private final SchemaRegistry registry;
  private final WriterSchemas schemas;
  private final KeyHolder keys = new KeyHolder();
  private final RowDecoder decoder;
  private final EncodingHints hints = new EncodingHints();
  private final TableFiles files;
  private boolean finished;

  /**
   * Why a record still is none.
   *
   * @param message for people
   * @param path the field, empty where it is the whole record
   * @param ofKey whether it is the record's key, and the position one in the key
   * @param position of the byte in value or key at which it was found out, the registry's header
   *     included; -1 where it is about no byte
   * @param schema that the part of the record names; null where it names none
   * @param writer that schema, null where it can't be had
   */
  public record Refusal(
      ErrorClass errorClass,
      String message,
      String path,
      boolean ofKey,
      int position,
      SchemaKey schema,
      Schema writer) {}

  /**
   * Opens nothing yet.
   *
   * @param spec with the table's columns; no Kafka is asked
   */
  public Redecoder(TaskSpec spec) {
    this.spec = spec.withoutWaiting();
    Configuration hadoop = LakeConfiguration.of(spec.hadoop());
    MemoryBudget budget = MemoryBudget.ofThisProcess(1);
    registry = new RestSchemaRegistry(spec.registry());
    schemas = new WriterSchemas(registry, new SchemaFiles(hadoop, spec.table()), System::nanoTime);
    decoder = new RowDecoder(this.spec, schemas, keys, budget.columnBytes());
    files = new TableFiles(this.spec, hadoop, budget, hints);
    decoder.clear(Long.MAX_VALUE);
  }

  /**
   * Takes one dead letter: its row goes into a data file, unless there still is none.
   *
   * @return why there is none; empty where it is taken
   * @throws MillraceException {@code UNREACHABLE} where its schema can't be had now
   */
  public Optional<Refusal> take(StoredDeadLetter letter) throws IOException {
    if (letter.value() == null) {
      return Optional.of(
          new Refusal(ErrorClass.NULL_VALUE, "the value is null", "", false, -1, null, null));
    }
    int slot = decodeWhole(letter);
    if (slot == Slots.FILTERED) {
      return Optional.of(
          new Refusal(
              ErrorClass.TRANSFORM, "the stream's sql filters it out", "", false, -1, null, null));
    }
    if (slot < 0) {
      return Optional.of(refusal(letter, decoder.failure(slot)));
    }
    decoder
        .batch()
        .setKafka(
            slot,
            letter.entry().partition(),
            letter.entry().offset(),
            letter.entry().timestampMillis());
    return Optional.empty();
  }

  /** Value's and key's schema may each ask for more columns before the record can be taken. */
  private int decodeWhole(StoredDeadLetter letter) throws IOException {
    while (true) {
      try {
        return decode(letter);
      } catch (SerializationException e) {
        if (e != RowDecoder.FULL) {
          throw e;
        }
        write();
      }
    }
  }

  private int decode(StoredDeadLetter letter) {
    if (letter.key() != null) {
      keys.deserialize(letter.topic(), letter.headers(), ByteBuffer.wrap(letter.key()));
    }
    return decoder.deserialize(letter.topic(), letter.headers(), ByteBuffer.wrap(letter.value()));
  }

  private void write() throws IOException {
    ColumnBatch batch = decoder.batch();
    if (batch.rows() > 0) {
      files.write(batch, null, batch.rows());
    }
    decoder.clear(Long.MAX_VALUE);
  }

  private Refusal refusal(StoredDeadLetter letter, RowDecoder.Failure failure) {
    if (failure.cause() instanceof SchemaNotThereException notThere
        && !notThere.isFinal(Duration.ZERO)) {
      throw notThere.failure();
    }
    DecodeException cause = failure.cause() instanceof DecodeException e ? e : null;
    boolean ofKey = cause != null && cause.isOfKey();
    int position = cause == null || cause.position() < 0 ? -1 : cause.position();
    return new Refusal(
        DeadLetters.errorClass(failure),
        failure.cause().getMessage(),
        cause == null ? "" : cause.path(),
        ofKey,
        position < 0 ? position : position + prefix(letter, ofKey),
        failure.schema(),
        cause == null ? null : writer(failure.schema()));
  }

  /** Bytes before the Avro binary. */
  private static int prefix(StoredDeadLetter letter, boolean ofKey) {
    Header header =
        letter
            .headers()
            .lastHeader(ofKey ? WireFormat.KEY_SCHEMA_HEADER : WireFormat.VALUE_SCHEMA_HEADER);
    return header == null || header.value() == null ? WireFormat.HEADER_BYTES : 0;
  }

  private Schema writer(SchemaKey schema) {
    try {
      return schema == null ? null : schemas.get(schema, spec.unknownSchemaAfter());
    } catch (SchemaNotThereException e) {
      return null;
    }
  }

  /** Ends all files and returns those with rows; nothing can be taken any more. */
  public List<DataFile> finish() throws IOException {
    write();
    List<DataFile> written = files.close();
    finished = true;
    return written;
  }

  /** The columns that the rows have by now: those of the table, and what writers had beside. */
  public TableLayout layout() {
    return decoder.batch().layout();
  }

  /** Removes all files unless they are finished. */
  @Override
  public void close() {
    if (!finished) {
      files.abort();
    }
    hints.close();
    registry.close();
  }
}
