package io.millrace.core.fault;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A few numbers that a drill and the process under it share through a mapped file: which point is
 * armed, which one was reached last, which one holds, and how wrong the process's clock is. The
 * file outlives a SIGKILL. Any thread of both processes may call.
 */
public final class CrashFile {
  private static final int BYTES = 24;

  /** Of the last point reached, plus 1. */
  private static final int REACHED = 0;

  /** Of the armed point, plus 1. */
  private static final int ARMED = 4;

  /** How often the armed point is passed by before it holds. */
  private static final int PASSES = 8;

  /** Of the point that holds, plus 1. */
  private static final int HELD = 12;

  /** By how many milliseconds the process's clock is ahead of the machine's. */
  private static final int CLOCK = 16;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final MappedByteBuffer memory;

  private CrashFile(MappedByteBuffer memory) {
    this.memory = memory;
  }

  /** Opens the file, or makes one in which nothing is armed. */
  public static CrashFile open(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      return new CrashFile(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
    }
  }

  /**
   * The next thread but so many that reaches the point stays there.
   *
   * @param passes 0 or more
   */
  public void arm(CrashPoint point, int passes) {
    set(PASSES, passes);
    set(ARMED, point.ordinal() + 1);
  }

  /** The point at which a thread stays. */
  public Optional<CrashPoint> held() {
    return point(HELD);
  }

  /** The thread that stays at a point goes on. */
  public void release() {
    set(HELD, 0);
  }

  /** The last point that any thread has reached. */
  public Optional<CrashPoint> last() {
    return point(REACHED);
  }

  /**
   * Sets the process's clock.
   *
   * @param ahead of the machine's; negative for behind
   */
  public void setClock(Duration ahead) {
    LONG.setVolatile(memory, CLOCK, ahead.toMillis());
  }

  /** What was set last. */
  Duration clockAhead() {
    return Duration.ofMillis((long) LONG.getVolatile(memory, CLOCK));
  }

  /** Whether the calling thread, which is at that point, has to stay there. */
  boolean reached(CrashPoint point) {
    int number = point.ordinal() + 1;
    set(REACHED, number);
    if ((int) INT.getVolatile(memory, ARMED) != number
        || (int) INT.getAndAdd(memory, PASSES, -1) > 0
        || !INT.compareAndSet(memory, ARMED, number, 0)) {
      return false;
    }
    set(HELD, number);
    return true;
  }

  private Optional<CrashPoint> point(int at) {
    int number = (int) INT.getVolatile(memory, at);
    return number == 0 ? Optional.empty() : Optional.of(CrashPoint.values()[number - 1]);
  }

  private void set(int at, int value) {
    INT.setVolatile(memory, at, value);
  }
}
