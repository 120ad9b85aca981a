package io.millrace.lake.fault;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What is wrong with the storage of a process under a drill, in a mapped file that both share: the
 * drill sets it, and reads how often it struck. Any thread of both processes may call.
 */
public final class StorageFaults {
  /**
   * The system property with the path of that file. Only who starts a process can give it, no
   * config can; without it {@link FaultyFileSystem} and {@link FaultyLogStore} refuse to work.
   */
  public static final String PROPERTY = "millrace.storagefaults";

  private static final int BYTES = 8;
  private static final int KIND = 0;
  private static final int STRUCK = 4;
  private static final long SLOW_MILLIS = 250;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /** What can be wrong. */
  public enum Kind {
    NOTHING,
    /** No byte more can be written; what was begun stays, half written. */
    FULL,
    /** No file can be made, renamed or removed. */
    READ_ONLY,
    /** Each file that is opened, made or listed takes a while. */
    SLOW,
    /** Commits are written, and reported as failed. */
    ANSWERS_LOST
  }

  private final MappedByteBuffer memory;

  private StorageFaults(MappedByteBuffer memory) {
    this.memory = memory;
  }

  /** Opens the file, or makes one with which nothing is wrong. */
  public static StorageFaults open(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      return new StorageFaults(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
    }
  }

  /** Those of this process. */
  static StorageFaults ofThisProcess() {
    return OfThisProcess.FAULTS;
  }

  /** Opened once it is asked for. */
  private static final class OfThisProcess {
    private static final StorageFaults FAULTS = open();

    private static StorageFaults open() {
      String path = System.getProperty(PROPERTY);
      if (path == null) {
        throw new IllegalStateException("storage that fails is for drills: no " + PROPERTY);
      }
      try {
        return StorageFaults.open(Path.of(path));
      } catch (IOException e) {
        throw new UncheckedIOException("The file of " + PROPERTY + " can't be opened", e);
      }
    }
  }

  /** From now on this is wrong, until something else is set. */
  public void set(Kind kind) {
    INT.setVolatile(memory, KIND, kind.ordinal());
  }

  /** How often anything has struck so far. */
  public int struck() {
    return (int) INT.getVolatile(memory, STRUCK);
  }

  /** Whether this is wrong now, of which the caller must see to it that it strikes. */
  boolean strikes(Kind kind) {
    if ((int) INT.getVolatile(memory, KIND) != kind.ordinal()) {
      return false;
    }
    INT.getAndAdd(memory, STRUCK, 1);
    return true;
  }

  /** Takes a while, where storage is slow. */
  void dawdle() throws IOException {
    if (!strikes(Kind.SLOW)) {
      return;
    }
    try {
      Thread.sleep(SLOW_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
