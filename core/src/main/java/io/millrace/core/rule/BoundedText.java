package io.millrace.core.rule;

/**
 * A text for a pattern to be compared with, which ends the comparison when it has looked at its
 * characters too often: some patterns go back and forth for hours in a text made for it.
 */
final class BoundedText implements CharSequence {
  private static final long FREE_STEPS = 200_000;
  private static final long STEPS_A_CHARACTER = 20;

  private final String text;
  private long left;

  /** Thrown to end a comparison; without a stack. */
  static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  BoundedText(String text) {
    this.text = text;
    this.left = FREE_STEPS + STEPS_A_CHARACTER * text.length();
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw new TooManySteps();
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
