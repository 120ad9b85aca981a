package io.millrace.lake.verify;

import java.io.FileNotFoundException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Tells what a failed read of the table's storage means. */
final class StorageErrors {
  private StorageErrors() {}

  static boolean isMissing(Throwable failure) {
    return has(failure, FileNotFoundException.class) || has(failure, NoSuchFileException.class);
  }

  /** No answer, or no right to one; S3A's timeouts are {@link InterruptedIOException}s. */
  static boolean isUnreachable(Throwable failure) {
    return has(failure, SocketException.class)
        || has(failure, UnknownHostException.class)
        || has(failure, InterruptedIOException.class)
        || has(failure, AccessDeniedException.class);
  }

  static Throwable rootCause(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The innermost cause in one line. */
  static String root(Throwable failure) {
    Throwable root = rootCause(failure);
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse(root.getClass().getSimpleName());
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }
}
