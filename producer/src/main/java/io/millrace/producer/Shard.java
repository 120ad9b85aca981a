package io.millrace.producer;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of a job this process sends.
 *
 * @param number from 1 to {@code count}
 * @param count how many processes share the job
 */
public record Shard(int number, int count) {
  /** The job as a whole. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  public Shard {
    if (number < 1 || number > count) {
      throw wrong(number + "/" + count);
    }
  }

  /** Reads {@code 3/10}: the third of ten. */
  public static Shard parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw wrong(text);
    }
    return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private static MillraceException wrong(String text) {
    return new MillraceException(
        ExitCode.USAGE,
        "The shard " + text + " is not one",
        "a shard is NUMBER/COUNT with NUMBER from 1 to COUNT",
        "Give for example 3/10 for the third of ten processes");
  }

  @Override
  public String toString() {
    return number + "/" + count;
  }
}
