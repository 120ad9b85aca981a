package io.millrace.lake.delta;

import io.delta.storage.HadoopFileSystemLogStore;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Delta log files on S3 by conditional PUT (If-None-Match: *), so that, of several processes
 * that write one version, one wins and the others learn of it. Serves Delta Kernel and delta-spark
 * alike; they make an instance whenever they like. Thread-safe.
 *
 * <p>The default store of both keeps writers apart inside one JVM only, and nothing keeps a writer
 * that uses it from overwriting what this one wrote: all writers of a table need this store.
 */
public final class S3LogStore extends HadoopFileSystemLogStore {
  private static final Logger log = LoggerFactory.getLogger(S3LogStore.class);

  private static final String CONDITIONAL =
      CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

  /** S3 answers 409 where two conditional PUTs of one key run at once, and asks to try again. */
  private static final int CONFLICT = 409;

  private static final int ATTEMPTS = 8;
  private static final long FIRST_WAIT_MILLIS = 50;

  /** Called by Delta, by reflection. */
  public S3LogStore(Configuration hadoop) {
    super(hadoop);
  }

  /**
   * @throws MillraceException {@code USAGE} where the file system can't write conditionally
   */
  static void requireConditionalPut(FileSystem fileSystem, Path path) throws IOException {
    if (!fileSystem.hasPathCapability(path, CONDITIONAL)) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The table " + path + " can't be written safely",
          "its file system does not offer conditional writes (" + CONDITIONAL + ")",
          "Do not set fs.s3a.create.conditional.enabled to false, and use an S3 server that knows"
              + " If-None-Match");
    }
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    byte[] content = LogContent.of(actions);
    if (overwrite) {
      try (FSDataOutputStream out = fileSystem.create(path, true)) {
        out.write(content);
      }
      return;
    }
    requireConditionalPut(fileSystem, path);
    putIfAbsent(fileSystem, path, content);
  }

  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration hadoop) throws IOException {
    return path.getFileSystem(hadoop) instanceof S3AFileSystem s3
        ? S3LogListing.from(s3, s3.makeQualified(path))
        : super.listFrom(path, hadoop);
  }

  private static void putIfAbsent(FileSystem fileSystem, Path path, byte[] content)
      throws IOException {
    long wait = FIRST_WAIT_MILLIS;
    for (int attempt = 1; ; attempt++) {
      try {
        putOnce(fileSystem, path, content);
        return;
      } catch (RemoteFileChangedException e) {
        // Precondition failed: the object is there. It can be our own, put by a request whose
        // answer was lost and which the client then sent again; commits differ in their txnId, so
        // equal bytes are ours.
        if (holds(fileSystem, path, content)) {
          return;
        }
        throw alreadyExists(path, e);
      } catch (AWSServiceIOException e) {
        if (e.statusCode() != CONFLICT || attempt == ATTEMPTS) {
          throw e;
        }
        log.atDebug().addKeyValue("path", path).addKeyValue("attempt", attempt).log("PUT conflict");
        pause(wait);
        wait *= 2;
      }
    }
  }

  private static void putOnce(FileSystem fileSystem, Path path, byte[] content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> file = fileSystem.createFile(path);
    file.overwrite(true).must(CONDITIONAL, true);
    try (FSDataOutputStream out = file.build()) {
      out.write(content);
    }
  }

  private static boolean holds(FileSystem fileSystem, Path path, byte[] content)
      throws IOException {
    try (InputStream in = fileSystem.open(path)) {
      // One byte more than ours tells a longer object from an equal one.
      return Arrays.equals(in.readNBytes(content.length + 1), content);
    }
  }

  private static FileAlreadyExistsException alreadyExists(Path path, IOException cause) {
    FileAlreadyExistsException exists = new FileAlreadyExistsException(path.toString());
    exists.initCause(cause);
    return exists;
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted between two attempts to write to S3");
    }
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration hadoop) {
    return false;
  }
}
