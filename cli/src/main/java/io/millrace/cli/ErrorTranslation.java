package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The one place that says in our words what Kafka, Hadoop, Spark or the system threw. */
final class ErrorTranslation {
  private ErrorTranslation() {}

  /** The error as a user should see it; the exception itself if it is one already. */
  static MillraceException translate(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    for (Throwable e : chain) {
      if (e instanceof MillraceException ours) {
        return ours;
      }
    }
    // The innermost cause that we know says most.
    for (int i = chain.size() - 1; i >= 0; i--) {
      Optional<MillraceException> known = known(chain.get(i), thrown);
      if (known.isPresent()) {
        return known.get();
      }
    }
    return error(
        ExitCode.INTERNAL,
        "Something unexpected happened",
        words(thrown),
        "Run it again with --verbose and report what it shows",
        thrown);
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable e = thrown; e != null && !chain.contains(e); e = e.getCause()) {
      chain.add(e);
    }
    return chain;
  }

  private static Optional<MillraceException> known(Throwable e, Throwable thrown) {
    return kafka(e, thrown).or(() -> system(e, thrown));
  }

  private static Optional<MillraceException> kafka(Throwable e, Throwable thrown) {
    if (e instanceof UnknownTopicOrPartitionException || e instanceof InvalidTopicException) {
      return of(
          ExitCode.USAGE,
          "The topic can't be used",
          words(e),
          "Check the topic's name, or create it",
          thrown);
    }
    if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
      return of(
          ExitCode.USAGE,
          "Kafka refuses us",
          words(e),
          "Check the security properties below kafka: in the config, and the user's rights",
          thrown);
    }
    if (e instanceof TimeoutException || e instanceof DisconnectException) {
      return of(
          ExitCode.UNREACHABLE,
          "Kafka does not answer",
          words(e),
          "Check kafka.bootstrap.servers and that the broker runs",
          thrown);
    }
    if (e instanceof ConfigException) {
      return of(
          ExitCode.USAGE,
          "A Kafka property is wrong",
          words(e),
          "Correct it below kafka: in the config",
          thrown);
    }
    return Optional.empty();
  }

  private static Optional<MillraceException> system(Throwable e, Throwable thrown) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof BindException) {
      return of(
          ExitCode.UNREACHABLE,
          "A port is in use",
          message,
          "Stop what listens there, or choose another port",
          thrown);
    }
    if (e instanceof ConnectException || e instanceof UnknownHostException) {
      return of(
          ExitCode.UNREACHABLE,
          "A system can't be reached",
          words(e),
          "Check the addresses in the config and that it runs",
          thrown);
    }
    if (e instanceof IOException io && FileErrors.isDiskFull(io)) {
      return of(
          ExitCode.UNREACHABLE,
          "The disk is full",
          message,
          "Free some space, or choose a directory on another disk",
          thrown);
    }
    if (e instanceof AccessDeniedException
        || e.getClass().getSimpleName().equals("AccessControlException")
        || message.contains("Permission denied")
        || message.contains("Read-only file system")) {
      return of(
          ExitCode.UNREACHABLE,
          "A file or directory may not be used",
          words(e),
          "Check its owner and mode, or choose another one",
          thrown);
    }
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return of(ExitCode.USAGE, "A file is missing", words(e), "Check the path", thrown);
    }
    if (e.getClass().getSimpleName().equals("UnsupportedFileSystemException")) {
      return of(
          ExitCode.USAGE,
          "A path's scheme is not known",
          message,
          "Use a local path, s3a://, or a scheme whose Hadoop file system is configured below"
              + " hadoop:",
          thrown);
    }
    if (e instanceof InterruptedException) {
      return of(ExitCode.INTERRUPTED, "Interrupted", words(e), "Run it again", thrown);
    }
    if (e instanceof OutOfMemoryError) {
      return of(
          ExitCode.INTERNAL,
          "The memory is used up",
          message,
          "Give more with MILLRACE_OPTS=-Xmx4g",
          thrown);
    }
    return Optional.empty();
  }

  /** The exception's message, with its kind where the message alone would say little. */
  private static String words(Throwable e) {
    String kind = e.getClass().getSimpleName();
    String message = e.getMessage();
    boolean enough =
        message != null && message.contains(" ") && !(e instanceof FileSystemException);
    return enough ? message : kind + (message == null ? "" : ": " + message);
  }

  private static Optional<MillraceException> of(
      ExitCode code, String problem, String reason, String remedy, Throwable thrown) {
    return Optional.of(error(code, problem, reason, remedy, thrown));
  }

  private static MillraceException error(
      ExitCode code, String problem, String reason, String remedy, Throwable thrown) {
    return new MillraceException(code, problem, reason, remedy, thrown);
  }
}
