package io.millrace.lake.delta;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** The bytes of a Delta log file. */
final class LogContent {
  private LogContent() {}

  /** One action a line, UTF-8. */
  static byte[] of(Iterator<String> actions) {
    StringBuilder text = new StringBuilder();
    while (actions.hasNext()) {
      text.append(actions.next()).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
