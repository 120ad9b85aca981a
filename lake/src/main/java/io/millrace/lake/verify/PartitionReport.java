package io.millrace.lake.verify;

/**
 * One partition's account, in records or offsets.
 *
 * @param partition the Kafka partition
 * @param first the ledger's first offset
 * @param next the ledger's next offset
 * @param checkedFrom offsets from here to {@code next} were compared with Kafka; {@code next} where
 *     none were
 * @param rows rows of the table, duplicates included
 * @param delivered records that Kafka delivered in the compared range, null values included
 * @param nulls those of them with a null value
 * @param deadLetters dead letters, duplicates included
 * @param redriven those of them that are rows by now
 * @param discarded those of them that were given up
 * @param filtered records that the stream's SQL filtered out, by the ledger
 * @param acceptedLoss offsets that Kafka had removed before they were ingested, accepted as lost by
 *     an operator
 * @param lost delivered with a value, but neither a row nor a dead letter nor filtered
 * @param deleted rows that others took out of the table, as far as its log tells; not lost
 * @param duplicated rows beyond the first of their offset
 * @param unexplained rows whose offset Kafka did not deliver, or that the ledger does not claim
 * @param compactedSince rows whose record compaction has removed from the topic since
 * @param uncheckable rows and dead letters below {@code checkedFrom}: no longer checkable against
 *     Kafka
 * @param acknowledged records acknowledged by the manifests; -1 without one
 * @param behind offsets between {@code next} and the log's end; -1 where Kafka was not reached
 * @param verdict this partition's verdict
 */
public record PartitionReport(
    int partition,
    long first,
    long next,
    long checkedFrom,
    long rows,
    long delivered,
    long nulls,
    long deadLetters,
    long redriven,
    long discarded,
    long filtered,
    long acceptedLoss,
    long lost,
    long deleted,
    long duplicated,
    long unexplained,
    long compactedSince,
    long uncheckable,
    long acknowledged,
    long behind,
    Verdict verdict) {
  PartitionReport with(Verdict other) {
    return new PartitionReport(
        partition,
        first,
        next,
        checkedFrom,
        rows,
        delivered,
        nulls,
        deadLetters,
        redriven,
        discarded,
        filtered,
        acceptedLoss,
        lost,
        deleted,
        duplicated,
        unexplained,
        compactedSince,
        uncheckable,
        acknowledged,
        behind,
        other);
  }
}
