package io.millrace.producer.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.core.error.JsonErrors;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** One JSON object a line; blank lines are skipped. */
final class JsonLinesFile implements RecordFile {
  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(JsonNode.class);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Path file;
  private final Schema schema;
  private final InputStream in;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long lineNumber;

  JsonLinesFile(Path file, Schema schema) throws IOException {
    this.file = file;
    this.schema = schema;
    this.in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    in.mark(BYTE_ORDER_MARK.length);
    if (!java.util.Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
      in.reset();
    }
  }

  @Override
  public FileRecord next() {
    try {
      while (readLine()) {
        byte[] bytes = line.toByteArray();
        if (!isBlank(bytes)) {
          return parse(bytes);
        }
      }
      return null;
    } catch (IOException e) {
      throw RecordFile.unreadable(file, e);
    }
  }

  private FileRecord parse(byte[] bytes) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      return FileRecord.fits(lineNumber, (GenericRecord) JsonToAvro.convert(node, schema, ""));
    } catch (JsonProcessingException e) {
      return misfit(bytes, "no valid JSON: " + JsonErrors.reason(e));
    } catch (MisfitException e) {
      return misfit(bytes, e.getMessage());
    }
  }

  private FileRecord misfit(byte[] bytes, String reason) {
    return FileRecord.misfit(lineNumber, new String(bytes, StandardCharsets.UTF_8), reason);
  }

  /** Reads up to the next line feed; false at the end of the file. */
  private boolean readLine() throws IOException {
    line.reset();
    int next = in.read();
    if (next < 0) {
      return false;
    }
    lineNumber++;
    while (next >= 0 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    return true;
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw RecordFile.unreadable(file, e);
    }
  }
}
