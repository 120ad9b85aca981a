package io.millrace.lake.delta;

import io.millrace.core.error.MillraceException;
import io.millrace.lake.ledger.Resolutions;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What became of dead letters, where it is too much for a domain: each commit of the table repeats
 * its domains in a checksum file. It is in a file {@code <table>/_millrace/resolutions/...json.gz}
 * then, and the domain has its name. A file is written before the commit that names it and never
 * changed.
 */
public final class ResolutionFiles {
  private static final String DIRECTORY = "_millrace/resolutions";

  /** A ledger of 1,000 partitions is about as much. */
  static final int MOST_DOMAIN_CHARS = 16_384;

  private ResolutionFiles() {}

  /**
   * @param domain its text; empty where there is none
   * @throws MillraceException {@code PROTECTED} where it can't be understood or its file is gone,
   *     {@code UNREACHABLE} where the storage does not answer
   */
  public static Resolutions read(
      Optional<String> domain, String stream, String table, Configuration hadoop) {
    if (domain.isEmpty()) {
      return Resolutions.none(stream);
    }
    Resolutions head = Resolutions.fromJson(domain.get());
    if (head.file() == null) {
      return head;
    }
    Path file = new Path(table, DIRECTORY + "/" + head.file());
    try (var in = new GZIPInputStream(file.getFileSystem(hadoop).open(file))) {
      Resolutions whole =
          Resolutions.fromJson(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      if (!whole.keptIn(head.file()).equals(head)) {
        throw Resolutions.unreadable(
            "the file %s is of attempt %s, not %s".formatted(file, whole.attempt(), head.attempt()),
            "Bring back the file that was there",
            null);
      }
      return whole;
    } catch (FileNotFoundException e) {
      throw Resolutions.unreadable("the file " + file + " is gone", "Bring it back", e);
    } catch (IOException e) {
      throw LakeErrors.storage("The file " + file + " can't be read", e);
    }
  }

  /** What is to be the domain's text, after a file was written where that is needed. */
  static String write(Resolutions resolutions, String table, Configuration hadoop) {
    String json = resolutions.toJson();
    if (json.length() <= MOST_DOMAIN_CHARS) {
      return json;
    }
    String name = "%08d-%s.json.gz".formatted(resolutions.sequence(), resolutions.attempt());
    Path file = new Path(table, DIRECTORY + "/" + name);
    try (var out = new GZIPOutputStream(file.getFileSystem(hadoop).create(file, true))) {
      out.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw LakeErrors.storage("The file " + file + " can't be written", e);
    }
    return resolutions.keptIn(name).toJson();
  }
}
