package io.millrace.ingest.task;

import io.millrace.core.avro.DecodeException;
import io.millrace.lake.DataFile;
import io.millrace.lake.deadletter.DeadLetter;
import io.millrace.lake.deadletter.DeadLetterFile;
import io.millrace.lake.deadletter.DeadLetterTable;
import io.millrace.lake.deadletter.ErrorClass;
import io.millrace.lake.parquet.ColumnFileWriter;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The dead letters of one task: a file in their table's directory, made for the first of them. */
final class DeadLetters {
  private final TaskSpec spec;
  private final Configuration hadoop;
  private final long mostBytes;
  private DeadLetterFile file;
  private DataFile finished;

  /**
   * @param mostBytes to hold in memory
   */
  DeadLetters(TaskSpec spec, Configuration hadoop, long mostBytes) {
    this.mostBytes = mostBytes;
    this.spec = spec;
    this.hadoop = hadoop;
  }

  void add(ConsumerRecord<?, ?> record, RowDecoder.Failure failure) throws IOException {
    if (file == null) {
      file =
          DeadLetterFile.open(
              hadoop,
              DeadLetterTable.path(spec.table(), spec.generation()),
              spec.stream(),
              spec.compression(),
              mostBytes);
    }
    file.add(
        DeadLetter.of(
            record,
            failure.key(),
            failure.value(),
            failure.schema() == null || failure.schema().isGuid() ? null : failure.schema().id(),
            errorClass(failure),
            failure.cause().getMessage()));
  }

  static ErrorClass errorClass(RowDecoder.Failure failure) {
    if (failure.cause() instanceof DecodeException e) {
      return switch (e.kind()) {
        case MALFORMED -> failure.schema() == null ? ErrorClass.NO_HEADER : ErrorClass.MALFORMED;
        case TYPE_CONFLICT -> ErrorClass.TYPE_CONFLICT;
        case OUT_OF_RANGE -> ErrorClass.OUT_OF_RANGE;
        case TOO_LARGE -> ErrorClass.TOO_LARGE;
        case INVALID -> ErrorClass.INVALID;
        case TRANSFORM -> ErrorClass.TRANSFORM;
      };
    }
    return ErrorClass.UNKNOWN_SCHEMA;
  }

  /** Ends the file and returns it; nothing where there were no dead letters. */
  List<DataFile> close() throws IOException {
    if (file == null) {
      return List.of();
    }
    finished = file.close();
    return List.of(finished);
  }

  /** Gives the file up, or removes it. */
  void abort() {
    if (finished != null) {
      ColumnFileWriter.discard(hadoop, finished);
    } else if (file != null) {
      file.abort();
    }
  }
}
