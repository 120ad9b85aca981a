package io.millrace.core.error;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What Java says of files in the names of its classes, in words. */
public final class FileErrors {
  private FileErrors() {}

  /** Whether that is why a file could not be written. */
  public static boolean isDiskFull(IOException e) {
    return String.valueOf(e.getMessage()).contains("No space left on device");
  }

  /** Why a file could not be read or written. */
  public static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no such file or directory: " + missing.getFile();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof CharacterCodingException) {
      return "it is not UTF-8 text";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
