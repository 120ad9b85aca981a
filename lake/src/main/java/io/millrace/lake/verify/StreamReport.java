package io.millrace.lake.verify;

import java.util.List;

/**
 * What was found out about one stream. Sums are over the partitions and as in {@link
 * PartitionReport}.
 *
 * @param stream name of the stream
 * @param topic name of the topic
 * @param topicId the topic's id by the ledger; null without a ledger
 * @param clusterId the cluster's id by the ledger; null without a ledger
 * @param generation of the topic that the stream is in; 0 without a ledger
 * @param table path of the table
 * @param version the table version that was checked; -1 where there is no table
 * @param since what was asked for, where only what came since was checked; else null
 * @param sinceVersion the version that this is; -1 where all was checked
 * @param sequence the ledger's sequence number at that version; 0 without a ledger
 * @param verdict the whole stream's verdict
 * @param rows rows of the table, duplicates included
 * @param delivered records that Kafka delivered in the compared ranges
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
 * @param unexplained rows that Kafka or the ledger can't account for
 * @param compactedSince rows whose record compaction has removed since
 * @param uncheckable rows and dead letters no longer checkable against Kafka
 * @param acknowledged records acknowledged by the manifests; -1 without one
 * @param behind offsets not taken yet; -1 where Kafka was not reached
 * @param ledgerVersions retained versions of the ledger that were followed
 * @param valuesCompared rows whose column values were compared with the topic's records; -1 where
 *     that was off
 * @param millis how long it took
 * @param findings what is wrong or unproven
 * @param notes facts worth knowing that are not wrong
 * @param partitions ascending, those of the generation of now
 * @param closed generations that have ended, ascending; their counts are in the sums
 */
public record StreamReport(
    String stream,
    String topic,
    String topicId,
    String clusterId,
    int generation,
    String table,
    long version,
    String since,
    long sinceVersion,
    long sequence,
    Verdict verdict,
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
    int ledgerVersions,
    long valuesCompared,
    long millis,
    List<Finding> findings,
    List<String> notes,
    List<PartitionReport> partitions,
    List<GenerationReport> closed) {
  public StreamReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
    partitions = List.copyOf(partitions);
    closed = List.copyOf(closed);
  }
}
