package io.millrace.producer.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.JsonErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Comma-separated values (RFC 4180, UTF-8); the first row names the fields. */
final class CsvFile implements RecordFile {
  private static final CsvMapper CSV =
      CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

  private final Path file;
  private final Schema schema;
  private final MappingIterator<String[]> rows;
  private final Schema.Field[] columns;
  private boolean ended;

  CsvFile(Path file, Schema schema) throws IOException {
    this.file = file;
    this.schema = schema;
    this.rows = CSV.readerFor(String[].class).readValues(file.toFile());
    String[] header = rows.hasNextValue() ? rows.nextValue() : new String[0];
    this.columns = new Schema.Field[header.length];
    Arrays.setAll(columns, i -> schema.getField(header[i].strip()));
    checkHeader(header);
  }

  private void checkHeader(String[] header) {
    Set<Schema.Field> seen = new HashSet<>();
    for (int i = 0; i < header.length; i++) {
      if (columns[i] == null || !seen.add(columns[i])) {
        throw wrongHeader(
            columns[i] == null
                ? "the schema has no field " + header[i]
                : "the field " + header[i] + " is there twice");
      }
    }
    for (Schema.Field field : schema.getFields()) {
      if (!seen.contains(field) && !field.hasDefaultValue()) {
        throw wrongHeader("the field " + field.name() + " is missing and has no default");
      }
    }
  }

  private MillraceException wrongHeader(String reason) {
    return new MillraceException(
        ExitCode.USAGE,
        "The first row of " + file + " does not fit the schema " + schema.getFullName(),
        reason,
        "Give a first row with the names of the schema's fields");
  }

  @Override
  public FileRecord next() {
    while (!ended) {
      long line = rows.getParser().currentLocation().getLineNr();
      try {
        if (!rows.hasNextValue()) {
          return null;
        }
        // The parser stands at the end of the line before.
        line = rows.getParser().currentTokenLocation().getLineNr() + 1L;
        String[] row = rows.nextValue();
        boolean blank = row.length == 0 || (row.length == 1 && row[0].isBlank());
        if (!blank || columns.length == 1) {
          return parse(line, row);
        }
      } catch (JsonProcessingException e) {
        // After a broken quote there is no telling where the next row begins.
        ended = true;
        return FileRecord.misfit(line, "", "no valid CSV from here on: " + JsonErrors.reason(e));
      } catch (IOException e) {
        throw RecordFile.unreadable(file, e);
      }
    }
    return null;
  }

  private FileRecord parse(long line, String[] row) throws IOException {
    if (row.length != columns.length) {
      return FileRecord.misfit(
          line,
          raw(row),
          "the row has %d values, the first row %d".formatted(row.length, columns.length));
    }
    GenericData.Record record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      if (field.hasDefaultValue()) {
        record.put(field.pos(), GenericData.get().getDefaultValue(field));
      }
    }
    try {
      for (int i = 0; i < row.length; i++) {
        record.put(columns[i].pos(), Cells.convert(row[i], columns[i].schema(), columns[i].name()));
      }
      return FileRecord.fits(line, record);
    } catch (MisfitException e) {
      return FileRecord.misfit(line, raw(row), e.getMessage());
    }
  }

  private static String raw(String[] row) throws IOException {
    return CSV.writer().writeValueAsString(row).stripTrailing();
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw RecordFile.unreadable(file, e);
    }
  }
}
