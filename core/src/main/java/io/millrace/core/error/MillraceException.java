package io.millrace.core.error;

import java.util.List;
import java.util.Objects;

/**
 * An error made for the person who has to act on it: problem, cause and remedy, with the values.
 *
 * <p>The command line prints {@link #getMessage()} as one line and exits with {@link #exitCode()};
 * the stack trace is shown with {@code --verbose} only.
 */
public class MillraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final String problem;
  private final String reason;
  private final String remedy;
  private final transient List<String> details;

  /**
   * @param exitCode what the process exits with if nobody handles this
   * @param problem what does not work, naming the thing (a topic, a file, a key)
   * @param reason why, with the values seen
   * @param remedy what the reader can do about it
   */
  public MillraceException(ExitCode exitCode, String problem, String reason, String remedy) {
    this(exitCode, problem, reason, remedy, null);
  }

  /** As the other constructor, with the exception that led here; may be null. */
  public MillraceException(
      ExitCode exitCode, String problem, String reason, String remedy, Throwable cause) {
    this(exitCode, problem, reason, remedy, List.of(), cause);
  }

  /**
   * As the other constructors, with further lines that the command line prints below the first,
   * indented: for an input that has several errors at once.
   */
  public MillraceException(
      ExitCode exitCode,
      String problem,
      String reason,
      String remedy,
      List<String> details,
      Throwable cause) {
    super(message(problem, reason, remedy, details), cause);
    this.exitCode = Objects.requireNonNull(exitCode, "exitCode");
    this.problem = problem;
    this.reason = reason;
    this.remedy = remedy;
    this.details = List.copyOf(details);
  }

  private static String message(
      String problem, String reason, String remedy, List<String> details) {
    StringBuilder text = new StringBuilder(problem + ": " + reason + ". " + remedy);
    details.forEach(detail -> text.append("\n  ").append(detail));
    return text.toString();
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  public String problem() {
    return problem;
  }

  public String reason() {
    return reason;
  }

  public String remedy() {
    return remedy;
  }

  /** Further lines, one an error; empty where the reason says it all. */
  public List<String> details() {
    return details == null ? List.of() : details;
  }
}
