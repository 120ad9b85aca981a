package io.millrace.ingest.redrive;

import io.millrace.ingest.task.Redecoder;
import io.millrace.lake.deadletter.DeadLetter;
import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.ledger.Fate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Why dead letters stay, as it is noted: what is as it was at first is not, and of too many
 * different messages only the error class is.
 */
final class Reasons {
  private static final int MOST_MESSAGES = 1000;
  private static final String MANY = "of many reasons; `millrace dlq show` says which";

  private final BiFunction<String, String, Fate> making;
  private final Map<String, Map<String, Fate>> fates = new HashMap<>();
  private int messages;

  /**
   * @param making a fate of error class and message
   */
  Reasons(BiFunction<String, String, Fate> making) {
    this.making = making;
  }

  /**
   * Empty where the dead letter's table says it already.
   *
   * @param before what was noted of it; the same reason keeps its time
   */
  Optional<Fate> of(DeadLetterEntry entry, Redecoder.Refusal refusal, Optional<Fate> before) {
    String error = refusal.errorClass().name();
    String message = DeadLetter.cut(refusal.message());
    if (error.equals(entry.errorClass()) && message.equals(entry.message())) {
      return Optional.empty();
    }
    if (before.isPresent()
        && error.equals(before.get().error())
        && message.equals(before.get().reason())) {
      return before;
    }
    Map<String, Fate> ofError = fates.computeIfAbsent(error, e -> new HashMap<>());
    if (!ofError.containsKey(message) && messages++ >= MOST_MESSAGES) {
      message = MANY;
    }
    return Optional.of(ofError.computeIfAbsent(message, m -> making.apply(error, m)));
  }
}
