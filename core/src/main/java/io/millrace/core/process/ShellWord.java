package io.millrace.core.process;

/** Paths in commands that people copy into a shell. */
public final class ShellWord {
  private ShellWord() {}

  /** The text as one word of a POSIX shell, quoted where it has to be. */
  public static String of(Object text) {
    String word = text.toString();
    return word.matches("[\\p{L}\\p{N}_/.,:=@%+-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
