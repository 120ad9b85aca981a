package io.millrace.lake.delta;

import io.delta.kernel.defaults.engine.fileio.InputFile;
import io.delta.kernel.defaults.engine.fileio.OutputFile;
import io.delta.kernel.defaults.engine.fileio.PositionOutputStream;
import io.delta.kernel.defaults.engine.fileio.SeekableInputStream;
import io.delta.kernel.defaults.engine.hadoopio.HadoopFileIO;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Remembers the commit file that was written last. Kernel asks for its status after each commit and
 * reads it in the next one: on S3 a HEAD and a GET a batch, for bytes that were in hand. A commit
 * file never changes once it is there, and ours is there once the log store has said so.
 *
 * <p>Only for an engine that commits: what must be known anew, such as whether another writer was
 * there, is read by an engine without memory. Thread-safe.
 */
final class LastCommitIO extends HadoopFileIO {
  private static final String COMMIT = ".json";

  /** A commit file and when it was written, by this machine's clock. */
  private record Kept(FileStatus status, byte[] content) {}

  private volatile Kept last;

  LastCommitIO(Configuration hadoop) {
    super(hadoop);
  }

  private Kept kept(String path) {
    Kept kept = last;
    return kept != null && kept.status.getPath().equals(path) ? kept : null;
  }

  @Override
  public FileStatus getFileStatus(String path) throws IOException {
    Kept kept = kept(path);
    return kept != null ? kept.status : super.getFileStatus(path);
  }

  @Override
  public InputFile newInputFile(String path, long size) {
    Kept kept = kept(path);
    return kept != null ? new KeptFile(kept) : super.newInputFile(path, size);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    OutputFile file = super.newOutputFile(path);
    return path.endsWith(COMMIT) ? new CommitFile(file) : file;
  }

  private final class CommitFile implements OutputFile {
    private final OutputFile file;

    CommitFile(OutputFile file) {
      this.file = file;
    }

    @Override
    public String path() {
      return file.path();
    }

    @Override
    public PositionOutputStream create(boolean overwrite) throws IOException {
      return file.create(overwrite);
    }

    @Override
    public void writeAtomically(CloseableIterator<String> lines, boolean overwrite)
        throws IOException {
      List<String> all = new ArrayList<>();
      try (lines) {
        lines.forEachRemaining(all::add);
      }
      file.writeAtomically(Utils.toCloseableIterator(all.iterator()), overwrite);
      byte[] content = LogContent.of(all.iterator());
      last =
          new Kept(FileStatus.of(path(), content.length, InstantSource.system().millis()), content);
    }
  }

  private record KeptFile(Kept kept) implements InputFile {
    @Override
    public long length() {
      return kept.content.length;
    }

    @Override
    public String path() {
      return kept.status.getPath();
    }

    @Override
    public SeekableInputStream newStream() {
      return new KeptStream(kept.content);
    }
  }

  private static final class KeptStream extends SeekableInputStream {
    private final byte[] content;
    private ByteArrayInputStream rest;

    KeptStream(byte[] content) {
      this.content = content;
      this.rest = new ByteArrayInputStream(content);
    }

    @Override
    public long getPos() {
      return content.length - rest.available();
    }

    @Override
    public void seek(long position) throws IOException {
      if (position < 0 || position > content.length) {
        throw new EOFException("Position " + position + " of " + content.length);
      }
      rest = new ByteArrayInputStream(content, (int) position, content.length - (int) position);
    }

    @Override
    public int read() {
      return rest.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      return rest.read(bytes, offset, length);
    }

    @Override
    public void readFully(byte[] bytes, int offset, int length) throws IOException {
      if (rest.readNBytes(bytes, offset, length) < length) {
        throw new EOFException("The commit file ends before " + length + " more bytes");
      }
    }
  }
}
