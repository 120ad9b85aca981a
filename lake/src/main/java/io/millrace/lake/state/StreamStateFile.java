package io.millrace.lake.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.delta.LakeConfiguration;
import io.millrace.lake.delta.LakeErrors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code <table>/_millrace/state-<stream>.json}: the {@link StreamState} that a stream said last.
 * Written on a thread of its own, the latest one where several come at once, so that storage that
 * is slow or away holds nothing up. Any thread may call.
 */
public final class StreamStateFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamStateFile.class);
  private static final long CLOSE_WAIT_SECONDS = 5;

  private final Configuration hadoop;
  private final Path file;
  private final AtomicReference<StreamState> latest = new AtomicReference<>();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "stream-state");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param table the table's path, which must be there before anything is said
   */
  public StreamStateFile(Configuration hadoop, String table, String stream) {
    this.hadoop = hadoop;
    this.file = file(table, stream);
  }

  /**
   * What a stream said last; empty where it never said anything, or could not to its end, as on a
   * full disk.
   *
   * @param hadoop the config's settings of file systems
   * @throws io.millrace.core.error.MillraceException {@code UNREACHABLE} where it can't be read
   */
  public static Optional<StreamState> read(
      Map<String, String> hadoop, String table, String stream) {
    return read(LakeConfiguration.of(hadoop), file(table, stream));
  }

  private static Optional<StreamState> read(Configuration hadoop, Path file) {
    try (var in = file.getFileSystem(hadoop).open(file)) {
      return Optional.of(StreamState.fromJson(in.readAllBytes()));
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LakeErrors.storage("The file " + file + " can't be read", e);
    }
  }

  private static Path file(String table, String stream) {
    return new Path(table, "_millrace/state-" + stream + ".json");
  }

  /** Returns at once. */
  public void say(StreamState state) {
    if (latest.getAndSet(state) == null) {
      writer.execute(this::writeLatest);
    }
  }

  private void writeLatest() {
    StreamState state = latest.getAndSet(null);
    if (state.doing() != StreamState.Doing.RUNNING && isOfAnother(state)) {
      return;
    }
    try {
      write(file.getFileSystem(hadoop), state.toJson());
    } catch (IOException | RuntimeException | FSError e) {
      log.atInfo()
          .addKeyValue("file", file)
          .addKeyValue("cause", e.toString())
          .log("the stream's state can't be noted");
    }
  }

  /**
   * Replaces the file, on a local disk at once, as an object store does of itself. Where there is
   * no room for both, the old one has to go first.
   */
  private void write(FileSystem files, byte[] json) throws IOException {
    if (!"file".equals(files.getUri().getScheme())) {
      write(files, file, json);
      return;
    }
    Path beside = new Path(file.getParent(), file.getName() + ".tmp");
    try {
      write(files, beside, json);
      if (!files.rename(beside, file)) {
        throw new IOException(beside + " can't be renamed to " + file.getName());
      }
    } catch (IOException | FSError e) { // Hadoop's local file system has an Error for a full disk
      files.delete(beside, false);
      write(files, file, json);
    }
  }

  private static void write(FileSystem files, Path to, byte[] json) throws IOException {
    try (OutputStream out = files.create(to, true)) {
      out.write(json);
    }
  }

  /** One that took the stream over has said meanwhile how it is doing itself. */
  private boolean isOfAnother(StreamState state) {
    try {
      return read(hadoop, file)
          .filter(said -> said.process() != state.process() || !said.host().equals(state.host()))
          .isPresent();
    } catch (MillraceException e) {
      return false;
    }
  }

  /** Waits a little for what was said last. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      writer.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
