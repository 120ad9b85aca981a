package io.millrace.core.manifest;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a producer was told, kept in a mapped file as it is told, so that a process that is killed
 * leaves its account whole: the operating system has what was written, whatever became of the
 * writer. A machine that loses power may lose it.
 *
 * <p>Each partition has two slots that are written in turn, and a version that says which is valid:
 * a kill in the middle of one leaves the other.
 */
public final class AckJournal {
  private static final byte[] MAGIC = "MILLACK1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 1024;
  private static final int SLOT = 4 * Long.BYTES;

  /** Version, two slots, records of unknown fate. */
  private static final int PARTITION = Long.BYTES + 2 * SLOT + Long.BYTES;

  private static final int UNKNOWN = PARTITION - Long.BYTES;

  private final MappedByteBuffer file;
  private final int partitions;

  private AckJournal(MappedByteBuffer file, int partitions) {
    this.file = file;
    this.partitions = partitions;
  }

  /**
   * Begins a journal; replaces what is there. There is no moment at which a kill leaves half of it.
   *
   * @param writers how many threads are told, each with accounts of its own
   */
  public static AckJournal create(
      Path path, String topic, String topicId, int partitions, int writers) {
    Path whole = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            whole,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteArrayOutputStream header = new ByteArrayOutputStream(HEADER);
      DataOutputStream out = new DataOutputStream(header);
      out.write(MAGIC);
      out.writeInt(partitions);
      out.writeInt(writers);
      out.writeUTF(topic);
      out.writeUTF(topicId);
      long size = HEADER + (long) PARTITION * partitions * writers;
      MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
      file.put(0, header.toByteArray());
      Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new AckJournal(file, partitions);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The journal " + path + " can't be written",
          FileErrors.reason(e),
          "Give a path in a directory that exists and can be written to",
          e);
    }
  }

  /** One writer's accounts, from 0. */
  public Writer writer(int number) {
    return new Writer(file, HEADER + number * PARTITION * partitions);
  }

  /** Whether a file is a journal. */
  static boolean isOne(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /** What the writers had been told; of a process that has ended, however it did. */
  static Manifest read(Path path) throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(path));
    all.position(MAGIC.length);
    int partitions = all.getInt();
    int writers = all.getInt();
    String topic = text(all);
    String topicId = text(all);
    List<Manifest> accounts = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      List<Manifest.Entry> entries = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        Manifest.Entry entry =
            entry(all, HEADER + PARTITION * (writer * partitions + partition), partition);
        if (entry.acknowledged() + entry.unknown() > 0) {
          entries.add(entry);
        }
      }
      accounts.add(new Manifest(Manifest.FORMAT, topic, topicId, entries));
    }
    return Manifest.merge(accounts);
  }

  private static String text(ByteBuffer from) {
    byte[] bytes = new byte[from.getShort()];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Manifest.Entry entry(ByteBuffer all, int at, int partition) {
    long version = all.getLong(at);
    long unknown = all.getLong(at + UNKNOWN);
    if (version == 0) {
      return Manifest.Entry.of(partition, 0, unknown, -1, -1, 0);
    }
    int slot = slot(at, version);
    return Manifest.Entry.of(
        partition,
        all.getLong(slot),
        unknown,
        all.getLong(slot + Long.BYTES),
        all.getLong(slot + 2 * Long.BYTES),
        all.getLong(slot + 3 * Long.BYTES));
  }

  private static int slot(int at, long version) {
    return at + Long.BYTES + (int) (version & 1) * SLOT;
  }

  /**
   * Accounts of one thread, which is the only one to call {@link #acknowledged}; {@link #unknown}
   * is for one thread at a time.
   */
  public static final class Writer {
    private final MappedByteBuffer file;
    private final int start;

    private Writer(MappedByteBuffer file, int start) {
      this.file = file;
      this.start = start;
    }

    /** Notes where a partition's account stands now; allocates nothing. */
    public void acknowledged(int partition, long count, long first, long last, long hash) {
      int at = start + partition * PARTITION;
      long version = file.getLong(at) + 1;
      int slot = slot(at, version);
      file.putLong(slot, count);
      file.putLong(slot + Long.BYTES, first);
      file.putLong(slot + 2 * Long.BYTES, last);
      file.putLong(slot + 3 * Long.BYTES, hash);
      VarHandle.releaseFence(); // the slot is whole before the version names it
      file.putLong(at, version);
    }

    /** Notes how many of a partition's records have an unknown fate. */
    public void unknown(int partition, long count) {
      file.putLong(start + partition * PARTITION + UNKNOWN, count);
    }
  }
}
