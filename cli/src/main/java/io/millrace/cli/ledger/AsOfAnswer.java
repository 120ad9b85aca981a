package io.millrace.cli.ledger;

import io.millrace.core.config.StreamConfig;
import io.millrace.lake.history.AsOf;
import io.millrace.lake.history.LedgerVersion;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What {@code millrace asof} found. Its fields are those of the JSON form.
 *
 * @param asked in words
 * @param version the first one that holds it; null where none does
 * @param time when that version was committed, ISO 8601
 * @param oldest whether it is the oldest version that can still be read, so that an earlier one may
 *     have been the first
 * @param reason why no version holds it; null where one does
 */
record AsOfAnswer(
    int format,
    String stream,
    String topic,
    String table,
    String asked,
    Long version,
    String time,
    Long sequence,
    Boolean oldest,
    String reason) {

  /** Of one offset, which may lie before the stream's first or be accepted as lost. */
  static AsOfAnswer ofOffset(StreamConfig stream, int partition, long offset, AsOf asOf) {
    String asked = "partition %d offset %d".formatted(partition, offset);
    Optional<Long> first =
        asOf.found()
            .map(LedgerVersion::ledger)
            .map(Ledger::partitions)
            .map(partitions -> partitions.get(partition))
            .map(PartitionEntry::first)
            .filter(from -> from > offset);
    if (first.isPresent()) {
      return no(stream, asked, "the stream began at offset " + first.get() + " of this partition");
    }
    return asOf.found().stream()
        .flatMap(found -> found.ledger().accepted().stream())
        .filter(loss -> loss.partition() == partition)
        .filter(loss -> loss.from() <= offset && offset < loss.to())
        .findAny()
        .map(
            loss ->
                no(
                    stream,
                    asked,
                    "it was accepted as lost at %s by %s".formatted(loss.at(), loss.by())))
        .orElseGet(() -> of(stream, asked, asOf));
  }

  /** Of all records before a time. */
  static AsOfAnswer ofTime(StreamConfig stream, Instant time, AsOf asOf) {
    return of(stream, "all records before " + time, asOf);
  }

  private static AsOfAnswer of(StreamConfig stream, String asked, AsOf asOf) {
    if (asOf.found().isEmpty()) {
      return no(
          stream,
          asked,
          asOf.missing().stream()
              .map(AsOfAnswer::words)
              .collect(Collectors.joining("; ", "not ingested yet: ", "")));
    }
    LedgerVersion found = asOf.found().get();
    return new AsOfAnswer(
        1,
        stream.name(),
        stream.topic(),
        stream.table(),
        asked,
        found.version(),
        Instant.ofEpochMilli(found.millis()).toString(),
        found.ledger().sequence(),
        asOf.isOldest(),
        null);
  }

  private static AsOfAnswer no(StreamConfig stream, String asked, String reason) {
    return new AsOfAnswer(
        1, stream.name(), stream.topic(), stream.table(), asked, null, null, null, null, reason);
  }

  private static String words(AsOf.Missing missing) {
    return missing
        .next()
        .map(
            next ->
                "partition %d is at offset %d of %d"
                    .formatted(missing.partition(), next, missing.wanted()))
        .orElseGet(
            () -> "the stream does not know partition %d yet".formatted(missing.partition()));
  }

  String toText() {
    if (version == null) {
      return "stream %s: %s: in no version, %s%n".formatted(stream, asked, reason);
    }
    return "stream %s: %s: since version %d of %s (sequence %d)%s%n  SELECT * FROM delta.`%s` VERSION AS OF %d%n"
        .formatted(
            stream,
            asked,
            version,
            time,
            sequence,
            oldest ? ", or earlier: it is the oldest version that can still be read" : "",
            table,
            version);
  }
}
