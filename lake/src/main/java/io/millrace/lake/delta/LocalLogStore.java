package io.millrace.lake.delta;

import io.delta.storage.HadoopFileSystemLogStore;
import io.millrace.core.fault.CrashPoint;
import io.millrace.core.fault.CrashPoints;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes Delta log files on local disks so that, of several processes that write one version, one
 * wins and the others learn of it. Serves Delta Kernel and delta-spark alike; they make an instance
 * whenever they like. Thread-safe.
 *
 * <p>The default store of both looks whether the file exists and then renames, which two processes
 * can do at once: both believe they won, and one commit is lost. A hard link is made by the
 * operating system only if its name is free, and the file behind it is complete by then. On file
 * systems without hard links the file is created exclusively instead, which keeps writers apart as
 * well but lets a reader see it half written.
 *
 * <p>Nothing is forced to the disk: a process may die at any moment, but a machine that loses power
 * may lose the last seconds. Forcing the log alone would be worse, because it could then name data
 * files that were not kept; the records themselves are still in Kafka, and the ledger that was kept
 * says from where to go on.
 */
public final class LocalLogStore extends HadoopFileSystemLogStore {
  /** Called by Delta, by reflection. */
  public LocalLogStore(Configuration hadoop) {
    super(hadoop);
  }

  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    java.nio.file.Path target = java.nio.file.Path.of(path.toUri().getPath());
    byte[] content = LogContent.of(actions);
    java.nio.file.Path complete =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      writeNew(complete, content);
      if (overwrite) {
        Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
      } else {
        publish(complete, target, content);
        CrashPoints.reach(CrashPoint.COMMIT_LOGGED);
      }
    } finally {
      Files.deleteIfExists(complete);
    }
  }

  /**
   * Names first, and details only of the files that are asked for: a log can hold hundreds of
   * thousands of files of which a reader wants those after the last checkpoint.
   */
  @Override
  public Iterator<FileStatus> listFrom(Path path, Configuration hadoop) throws IOException {
    java.nio.file.Path directory = java.nio.file.Path.of(path.getParent().toUri().getPath());
    List<String> names = new ArrayList<>();
    try (DirectoryStream<java.nio.file.Path> files = Files.newDirectoryStream(directory)) {
      for (java.nio.file.Path file : files) {
        String name = file.getFileName().toString();
        if (name.compareTo(path.getName()) >= 0) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      // What delta-spark and Kernel take for "no table here".
      throw notFound(directory, e);
    }
    names.sort(null);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    List<FileStatus> statuses = new ArrayList<>(names.size());
    for (String name : names) {
      try {
        statuses.add(fileSystem.getFileStatus(new Path(path.getParent(), name)));
      } catch (FileNotFoundException e) {
        // Removed by a clean-up since it was listed.
        continue;
      }
    }
    return statuses.iterator();
  }

  private static FileNotFoundException notFound(
      java.nio.file.Path directory, NoSuchFileException cause) {
    FileNotFoundException missing = new FileNotFoundException("No such directory: " + directory);
    missing.initCause(cause);
    return missing;
  }

  private static void publish(
      java.nio.file.Path complete, java.nio.file.Path target, byte[] content) throws IOException {
    try {
      Files.createLink(target, complete);
    } catch (FileAlreadyExistsException | AccessDeniedException | NoSuchFileException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      createExclusively(target, content);
    }
  }

  static void createExclusively(java.nio.file.Path target, byte[] content) throws IOException {
    try {
      writeNew(target, content);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  private static void writeNew(java.nio.file.Path path, byte[] content) throws IOException {
    Files.write(path, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  }

  @Override
  public Boolean isPartialWriteVisible(Path path, Configuration hadoop) {
    return true;
  }
}
