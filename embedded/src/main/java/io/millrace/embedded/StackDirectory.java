package io.millrace.embedded;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.process.LockFile;
import io.millrace.core.process.ShellWord;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.Uuid;

/**
 * The directory of one stack, locked against a second one: Kafka's data, logs and what is
 * remembered from start to start.
 */
final class StackDirectory implements AutoCloseable {
  /** Less than this and Kafka would soon stop with a failed log directory. */
  static final long LEAST_FREE_BYTES = 256L << 20;

  /** How long a broker whose parent died may take to shut down. */
  private static final Duration PREDECESSOR_LIMIT = Duration.ofSeconds(30);

  private final Path root;
  private final LockFile lock;

  private StackDirectory(Path root, LockFile lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Makes the directory where it is missing, and locks it until {@link #close}. */
  static StackDirectory open(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root.resolve("kafka"));
      Files.createDirectories(root.resolve("logs"));
      LockFile lock = LockFile.tryLock(root.resolve("stack.lock")).orElseThrow(() -> inUse(root));
      requireSpace(root, Files.getFileStore(root).getUsableSpace());
      awaitPredecessor(root);
      return new StackDirectory(root, lock);
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  private static MillraceException inUse(Path root) {
    return new MillraceException(
        ExitCode.USAGE,
        "directory in use: " + root,
        "another broker and registry run over it",
        "Stop them (millrace down --dir "
            + ShellWord.of(root)
            + ", or the demo there), or name another directory");
  }

  static void requireSpace(Path root, long usableBytes) {
    if (usableBytes < LEAST_FREE_BYTES) {
      throw new MillraceException(
          ExitCode.UNREACHABLE,
          "not enough disk space in " + root,
          "%d MiB are free, a broker needs %d MiB to start"
              .formatted(usableBytes >> 20, LEAST_FREE_BYTES >> 20),
          "Free some space, or name a directory on another disk");
    }
  }

  Path root() {
    return root;
  }

  Path kafkaData() {
    return root.resolve("kafka");
  }

  Path brokerSettings() {
    return root.resolve("broker.properties");
  }

  Path brokerLog() {
    return logs().resolve("broker.log");
  }

  Path brokerOutput() {
    return logs().resolve("broker.out");
  }

  /** Locked by the broker's process as long as it lives. */
  Path brokerLock() {
    return root.resolve("broker.lock");
  }

  private Path logs() {
    return root.resolve("logs");
  }

  private static Path memory(Path root) {
    return root.resolve("stack.properties");
  }

  /** What the last start wrote; a new cluster id and no ports where there was none. */
  Memory recall() {
    return recall(root);
  }

  /** Likewise, of a directory that somebody else may have locked. */
  static Memory recall(Path root) {
    Path file = memory(root);
    Properties saved = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file)) {
        saved.load(reader);
      } catch (IOException e) {
        throw unwritable(root, e);
      }
    }
    return new Memory(
        saved.getProperty("cluster.id", Uuid.randomUuid().toString()),
        new StackPorts(
            port(file, saved, "broker.port"),
            port(file, saved, "controller.port"),
            port(file, saved, "registry.port")));
  }

  void remember(Memory memory) {
    Properties saved = new Properties();
    saved.setProperty("cluster.id", memory.clusterId());
    saved.setProperty("broker.port", Integer.toString(memory.ports().broker()));
    saved.setProperty("controller.port", Integer.toString(memory.ports().controller()));
    saved.setProperty("registry.port", Integer.toString(memory.ports().registry()));
    write(memory(root), saved);
  }

  void writeBrokerSettings(Properties settings) {
    write(brokerSettings(), settings);
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  /**
   * What is kept from one start to the next.
   *
   * @param clusterId Kafka's, written into its data
   * @param ports zero where not chosen yet
   */
  record Memory(String clusterId, StackPorts ports) {}

  private static int port(Path file, Properties saved, String key) {
    String value = saved.getProperty(key, "0");
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "unreadable file: " + file,
          key + " is '" + value + "', not a port number",
          "Correct the file, or delete it to have new ports chosen",
          e);
    }
  }

  /** Whole or not at all: a crash in between must not lose the cluster id. */
  private void write(Path file, Properties content) {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (Writer writer = Files.newBufferedWriter(next)) {
        content.store(writer, "written by millrace");
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(root, e);
    }
  }

  /**
   * A broker whose parent was killed takes a moment to shut down; its lock says when it is gone.
   */
  private static void awaitPredecessor(Path root) throws IOException {
    long deadline = System.nanoTime() + PREDECESSOR_LIMIT.toNanos();
    try {
      Optional<LockFile> ended = LockFile.tryLock(root.resolve("broker.lock"));
      while (ended.isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new MillraceException(
              ExitCode.UNREACHABLE,
              "directory in use: " + root,
              "a broker without parent still runs over it after "
                  + PREDECESSOR_LIMIT.toSeconds()
                  + " s",
              "End that process; logs/broker.log shows what it does");
        }
        Thread.sleep(20);
        ended = LockFile.tryLock(root.resolve("broker.lock"));
      }
      ended.get().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.exception("waiting for the previous broker to end", e);
    }
  }

  static MillraceException unwritable(Path root, IOException e) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "can't write to the directory " + root,
        e.getClass().getSimpleName() + ": " + e.getMessage(),
        "Check its owner and mode, or name another directory",
        e);
  }
}
