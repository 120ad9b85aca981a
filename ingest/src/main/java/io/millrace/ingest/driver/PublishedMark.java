package io.millrace.ingest.driver;

import io.millrace.lake.delta.DeltaTable;
import io.millrace.lake.delta.LakeErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * {@code <table>/_millrace/published}: up to which commit of the stream's ledger dead letters are
 * in its dead letter topic. Where it is lost, or was cut off while it was written, what is pending
 * is published once more.
 */
final class PublishedMark {
  /** Id of the table and sequence number; the end of line says that it is whole. */
  private static final Pattern CONTENT = Pattern.compile("(\\S+) ([0-9]{1,18})\n");

  private final Configuration hadoop;
  private final DeltaTable table;
  private final Path file;

  PublishedMark(Configuration hadoop, DeltaTable table) {
    this.hadoop = hadoop;
    this.table = table;
    this.file = new Path(table.path(), "_millrace/published");
  }

  /** Sequence number of the last commit whose dead letters are published; 0 for none. */
  long read() {
    try (var in = file.getFileSystem(hadoop).open(file)) {
      Matcher content = CONTENT.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      return content.matches() && content.group(1).equals(table.id())
          ? Long.parseLong(content.group(2))
          : 0;
    } catch (FileNotFoundException e) {
      return 0;
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + table.path() + " can't be read", e);
    }
  }

  void write(long sequence) {
    try (OutputStream out = file.getFileSystem(hadoop).create(file, true)) {
      out.write("%s %d\n".formatted(table.id(), sequence).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LakeErrors.storage("The table " + table.path() + " can't be written", e);
    }
  }
}
