package io.millrace.core.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that one holder at a time has locked, in this process or in another. The operating system
 * gives the lock back when the process ends, however that happens; the file stays.
 */
public final class LockFile implements AutoCloseable {
  private final FileChannel channel;

  private LockFile(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the file, which is made where it is missing; empty where somebody else has it. */
  public static Optional<LockFile> tryLock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // by this process
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? Optional.empty() : Optional.of(new LockFile(channel));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
