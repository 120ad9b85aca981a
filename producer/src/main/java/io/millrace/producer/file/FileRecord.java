package io.millrace.producer.file;

import org.apache.avro.generic.GenericRecord;

/**
 * One record of a file, or a piece of it that is none.
 *
 * @param line line that it starts on, from 1; in an Avro container the record's number, from 1
 * @param datum of the target schema; null where the piece does not fit it
 * @param raw the piece as text; null where it fits
 * @param reason why it does not fit; null where it fits
 */
public record FileRecord(long line, GenericRecord datum, String raw, String reason) {
  static FileRecord fits(long line, GenericRecord datum) {
    return new FileRecord(line, datum, null, null);
  }

  static FileRecord misfit(long line, String raw, String reason) {
    return new FileRecord(line, null, raw, reason);
  }

  public boolean fits() {
    return datum != null;
  }
}
