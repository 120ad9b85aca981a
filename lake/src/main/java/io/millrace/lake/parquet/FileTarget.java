package io.millrace.lake.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/**
 * The stream a data file goes to, on any Hadoop file system; counts the bytes, can give up. Opened
 * with the first byte: a file that is still all in memory holds no descriptor and no upload buffer.
 */
final class FileTarget extends PositionOutputStream implements OutputFile {
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

  /** Leaves no file behind, as far as the file system lets us. */
  void abort() {
    try {
      if (out == null) {
        closed = true;
        return;
      }
      if (!closed) {
        closed = true;
        if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
          out.abort();
          return;
        }
        closeQuietly();
      }
      fileSystem.delete(path, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void closeQuietly() {
    try {
      out.close();
    } catch (IOException e) {
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
