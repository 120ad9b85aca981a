package io.millrace.core.error;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What the JSON parser says in the names of its settings and classes, in words. */
public final class JsonErrors {
  private JsonErrors() {}

  /** Why a text is no JSON, or not of the kind that is needed; without the place. */
  public static String reason(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    if (message.startsWith("Trailing token")) {
      return "more follows after the value's end";
    }
    return message
        .replaceAll("\\[Source: [^;\\]]*; ([^\\]]*)\\]", "$1")
        .replaceAll(" \\([^()]*\\bFeature\\b[^()]*\\)", "")
        .replaceAll(": enable `[^`]*` to allow", "")
        .replaceAll(", from `[^`]*`", "")
        .replaceAll("\\(bound as `[^`]*`\\)", "");
  }
}
