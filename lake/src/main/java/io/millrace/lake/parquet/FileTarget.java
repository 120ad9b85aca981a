package io.millrace.lake.parquet;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream a data file goes to, on any Hadoop file system; counts the bytes, can give up. Opened
 * with the first byte: a file that is still all in memory holds no descriptor and no upload buffer.
 */
final class FileTarget extends PositionOutputStream implements OutputFile {
  private static final Logger log = LoggerFactory.getLogger(FileTarget.class);

  /**
   * S3A: no HEAD and LIST before the upload; file names are random, so nothing is overwritten
   * (hadoop-aws, "fs.s3a.create.performance").
   */
  private static final String S3A_CREATE_PERFORMANCE = "fs.s3a.create.performance";

  private final FileSystem fileSystem;
  private final Path path;
  private FSDataOutputStream out;
  private long position;
  private boolean closed;

  FileTarget(Configuration hadoop, Path file) throws IOException {
    fileSystem = file.getFileSystem(hadoop);
    path = fileSystem.makeQualified(file);
  }

  private FSDataOutputStream out() throws IOException {
    if (out == null) {
      FSDataOutputStreamBuilder<?, ?> builder = fileSystem.createFile(path);
      builder.overwrite(true);
      builder.recursive();
      builder.opt(S3A_CREATE_PERFORMANCE, true);
      out = builder.build();
    }
    return out;
  }

  String path() {
    return path.toString();
  }

  @Override
  public String getPath() {
    return path.toString();
  }

  @Override
  public void write(int value) throws IOException {
    out().write(value);
    position++;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    out().write(bytes, offset, length);
    position += length;
  }

  @Override
  public long getPos() {
    return position;
  }

  /** Publishes the file. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      out().close();
    }
  }

  /**
   * Leaves no file and no part of an upload behind, as far as the file system lets us. What can't
   * be removed is logged and not thrown: it is no part of the table, and must not hide why the file
   * was given up.
   */
  void abort() {
    if (out != null) {
      uninterrupted(path, this::giveUp);
    }
    closed = true;
  }

  private void giveUp() throws IOException {
    if (!closed) {
      closed = true;
      if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
        out.abort();
        return;
      }
      closeQuietly();
    }
    fileSystem.delete(path, false);
  }

  /** Removes a file that was published, as {@link #abort} does. */
  static void remove(Configuration hadoop, Path file) {
    uninterrupted(file, () -> file.getFileSystem(hadoop).delete(file, false));
  }

  @FunctionalInterface
  private interface Removal {
    void run() throws IOException;
  }

  /**
   * The AWS client sends nothing on an interrupted thread, and that is what a cancelled task is.
   */
  private static void uninterrupted(Path path, Removal removal) {
    boolean interrupted = Thread.interrupted();
    try {
      removal.run();
    } catch (IOException | RuntimeException | FSError e) {
      log.atWarn()
          .addKeyValue("file", path)
          .setCause(e)
          .log("a data file that was given up could not be removed; no commit names it");
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void closeQuietly() {
    try {
      out.close();
    } catch (IOException | FSError e) { // the latter where a local disk is full
      // The file is deleted next, whatever its last bytes were.
    }
  }

  @Override
  public PositionOutputStream create(long blockSizeHint) {
    return this;
  }

  @Override
  public PositionOutputStream createOrOverwrite(long blockSizeHint) {
    return this;
  }

  @Override
  public boolean supportsBlockSize() {
    return false;
  }

  @Override
  public long defaultBlockSize() {
    return 0;
  }
}
