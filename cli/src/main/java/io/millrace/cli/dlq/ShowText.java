package io.millrace.cli.dlq;

import io.millrace.ingest.redrive.SecondLook;
import io.millrace.ingest.task.Redecoder;
import io.millrace.lake.deadletter.DeadLetterEntry;
import io.millrace.lake.deadletter.StoredDeadLetter;
import java.time.Instant;
import org.apache.kafka.common.header.Header;

/** All of one dead letter, for people. */
final class ShowText {
  private static final String INDENT = "  ";

  private ShowText() {}

  static String of(StoredDeadLetter letter, String state, SecondLook look) {
    DeadLetterEntry entry = letter.entry();
    StringBuilder text = new StringBuilder();
    line(text, "topic", letter.topic());
    line(text, "partition", entry.partition());
    line(text, "offset", entry.offset());
    line(text, "timestamp", Instant.ofEpochMilli(entry.timestampMillis()));
    line(text, "schema id", entry.schemaId() == null ? "none" : entry.schemaId());
    line(text, "error then", entry.errorClass() + ": " + Printable.line(entry.message()));
    line(text, "state", Printable.line(state));
    look.refusal()
        .ifPresentOrElse(
            refusal -> now(text, refusal, look),
            () -> line(text, "error now", "none: it can be a row of the table now"));
    for (Header header : letter.headers()) {
      line(text, "header", Printable.line(header.key()) + " = " + Printable.value(header.value()));
    }
    int keyMark = look.refusal().filter(Redecoder.Refusal::ofKey).map(r -> mark(r)).orElse(-1);
    int valueMark = look.refusal().filter(r -> !r.ofKey()).map(r -> mark(r)).orElse(-1);
    bytes(text, "key", letter.key(), keyMark);
    bytes(text, "value", letter.value(), valueMark);
    return text.toString();
  }

  private static void now(StringBuilder text, Redecoder.Refusal refusal, SecondLook look) {
    line(text, "error now", refusal.errorClass() + ": " + Printable.line(refusal.message()));
    if (refusal.writer() == null) {
      return;
    }
    ExpectedType.at(refusal.writer(), refusal.path())
        .ifPresent(
            expected ->
                line(
                    text,
                    "expected",
                    "%s%s by %s%s"
                        .formatted(
                            ExpectedType.words(expected),
                            refusal.path().isEmpty() ? "" : " of field " + refusal.path(),
                            refusal.schema(),
                            look.column().map(column -> ", for the column " + column).orElse(""))));
  }

  private static int mark(Redecoder.Refusal refusal) {
    return refusal.position();
  }

  private static void bytes(StringBuilder text, String name, byte[] bytes, int mark) {
    if (bytes == null) {
      line(text, name, "null");
    } else {
      line(text, name, bytes.length + " bytes");
      text.append(Printable.dump(bytes, mark, INDENT));
    }
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append("%-10s  %s%n".formatted(name, value));
  }
}
