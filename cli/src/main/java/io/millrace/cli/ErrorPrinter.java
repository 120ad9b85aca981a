package io.millrace.cli;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every error into one line on standard error and an exit code. */
final class ErrorPrinter implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final BooleanSupplier verbose;

  ErrorPrinter(BooleanSupplier verbose) {
    this.verbose = verbose;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
    if (e instanceof ParameterException wrong) {
      return handleParseException(wrong, new String[0]);
    }
    MillraceException error = ErrorTranslation.translate(e);
    print(line.getErr(), error, e, verbose.getAsBoolean());
    return error.exitCode().code();
  }

  /**
   * Prints one error.
   *
   * @param thrown whose stack trace is shown with {@code verbose}
   */
  static void print(PrintWriter err, MillraceException error, Throwable thrown, boolean verbose) {
    StringWriter text = new StringWriter();
    PrintWriter lines = new PrintWriter(text);
    lines.println(oneLine(error));
    error.details().forEach(detail -> lines.println("  " + detail));
    if (verbose) {
      thrown.printStackTrace(lines);
    }
    lines.flush();
    // At once: streams that fail together print from threads of their own.
    err.print(text);
    err.flush();
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    String hint = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      hint = " Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
    }
    String message = flat(e.getMessage());
    line.getErr()
        .println(
            "millrace: Wrong usage: %s%s%s `%s --help` lists the options"
                .formatted(
                    message,
                    message.endsWith(".") ? "" : ".",
                    hint,
                    line.getCommandSpec().qualifiedName()));
    line.getErr().flush();
    return ExitCode.USAGE.code();
  }

  /** {@code millrace: problem: reason. remedy}, whatever line breaks the parts have. */
  static String oneLine(MillraceException e) {
    String reason = flat(e.reason());
    return "millrace: %s: %s%s %s"
        .formatted(
            flat(e.problem()), reason, reason.matches(".*[.!?]") ? "" : ".", flat(e.remedy()));
  }

  private static String flat(String text) {
    return text == null ? "unknown" : text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
