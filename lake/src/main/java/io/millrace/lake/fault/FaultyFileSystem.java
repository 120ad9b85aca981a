package io.millrace.lake.fault;

import io.millrace.lake.fault.StorageFaults.Kind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** Hadoop's local file system, with what {@link StorageFaults} says. Made by Hadoop. */
public final class FaultyFileSystem extends RawLocalFileSystem {
  static final String READ_ONLY = "Read-only file system";
  static final String FULL = "No space left on device";

  /** Takes bytes as a full disk does. */
  private static final Path FULL_DEVICE = new Path("/dev/full");

  private final StorageFaults faults;

  /** Called by Hadoop, by reflection. */
  public FaultyFileSystem() {
    this(StorageFaults.ofThisProcess());
  }

  FaultyFileSystem(StorageFaults faults) {
    this.faults = faults;
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path path, boolean append, FsPermission permission) throws IOException {
    faults.dawdle();
    if (faults.strikes(Kind.READ_ONLY)) {
      throw new FileSystemException(path.toUri().getPath(), null, READ_ONLY);
    }
    return new FaultyStream(super.createOutputStreamWithMode(path, append, permission));
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    faults.dawdle();
    return super.open(path, bufferSize);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !faults.strikes(Kind.READ_ONLY) && super.rename(from, to);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return !faults.strikes(Kind.READ_ONLY) && super.delete(path, recursive);
  }

  @Override
  public boolean mkdirs(Path path) throws IOException {
    return exists(path) || (!faults.strikes(Kind.READ_ONLY) && super.mkdirs(path));
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) throws IOException {
    return exists(path) || (!faults.strikes(Kind.READ_ONLY) && super.mkdirs(path, permission));
  }

  /** Half of what is written when the disk is full is kept. */
  private final class FaultyStream extends FilterOutputStream {
    FaultyStream(OutputStream file) {
      super(file);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!faults.strikes(Kind.FULL)) {
        out.write(bytes, offset, length);
        return;
      }
      out.write(bytes, offset, length / 2);
      // Hadoop throws an Error of its own that nobody else can make.
      try (OutputStream full =
          FaultyFileSystem.super.createOutputStreamWithMode(FULL_DEVICE, true, null)) {
        full.write(bytes, offset, length);
      }
      throw new IOException(FULL);
    }
  }
}
