package io.millrace.lake.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.security.AccessControlException;

/** Turns what file systems and Delta Kernel throw into errors that say what to do. */
public final class LakeErrors {
  private LakeErrors() {}

  /** Whether the failure came from the storage below, so that trying again can help. */
  static boolean isStorage(Throwable failure) {
    if (damage(failure).isPresent()) {
      return false;
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof IOException
          || t instanceof UncheckedIOException
          || t instanceof KernelEngineException) {
        return true;
      }
    }
    return false;
  }

  /** What is broken in the content of the log where that is the failure: no retry cures it. */
  static Optional<String> damage(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof JsonProcessingException broken) {
        return Optional.of(
            "a file of its log holds broken JSON: " + firstLine(broken.getOriginalMessage()));
      }
    }
    return Optional.empty();
  }

  /**
   * The error for storage that failed: {@code UNREACHABLE}, with the innermost cause.
   *
   * @param what the sentence's beginning, such as "The table file:/x can't be written"
   */
  public static MillraceException storage(String what, Throwable failure) {
    Throwable root = root(failure);
    return new MillraceException(ExitCode.UNREACHABLE, what, describe(root), remedy(root), failure);
  }

  /** The error for a table that can't be opened; {@code failure} itself where it is no such. */
  public static RuntimeException unreadable(String table, RuntimeException failure) {
    if (failure instanceof MillraceException) {
      return failure;
    }
    Optional<String> damage = damage(failure);
    if (damage.isPresent() || failure instanceof KernelException) {
      return new MillraceException(
          ExitCode.PROTECTED,
          "The table " + table + " can't be read",
          damage.orElseGet(() -> describe(failure)),
          "Restore its _delta_log, or ingest into a new table",
          failure);
    }
    return isStorage(failure) ? storage("The table " + table + " can't be read", failure) : failure;
  }

  /** The error for a commit that no retry cures; {@code failure} itself where Delta is not it. */
  static RuntimeException unwritable(String table, RuntimeException failure) {
    if (damage(failure).isPresent()) {
      return unreadable(table, failure);
    }
    return failure instanceof KernelException
        ? new MillraceException(
            ExitCode.PROTECTED,
            "Delta refuses the commit to " + table,
            describe(failure),
            "Undo the change to the table's features or properties, or ingest into a new table",
            failure)
        : failure;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  static String describe(Throwable root) {
    String message = root.getMessage();
    String name = root.getClass().getSimpleName();
    return message == null || message.isBlank() ? name : name + ": " + firstLine(message);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message).strip();
  }

  private static String remedy(Throwable root) {
    String message = String.valueOf(root.getMessage()).toLowerCase(Locale.ROOT);
    if (message.contains("no space left") || message.contains("disk quota")) {
      return "Free space on the disk; the stream goes on where it stopped";
    }
    if (root instanceof AccessDeniedException
        || root instanceof AccessControlException
        || message.contains("permission denied")
        || message.contains("read-only file system")) {
      return "Give this user the right to write there, or choose another path for the table";
    }
    return "Check that the path is right and that its file system is up and can be written to";
  }
}
