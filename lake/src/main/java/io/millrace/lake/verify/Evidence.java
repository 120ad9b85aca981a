package io.millrace.lake.verify;

import io.millrace.core.manifest.Manifest;
import io.millrace.lake.ledger.Accepted;
import io.millrace.lake.ledger.PartitionEntry;
import java.util.List;

/**
 * All that is known about one partition when it is judged.
 *
 * @param partition its number
 * @param claim the ledger's account
 * @param rows the table's rows
 * @param dead its dead letters
 * @param topic what Kafka delivered; null where Kafka was not read
 * @param withoutTopic the verdict that not having read Kafka means
 * @param compacted whether the topic's clean-up policy may remove single records
 * @param accepted the offsets of this partition that were accepted as lost
 * @param acknowledged what producers' manifests account for, see {@link Manifest#spans}; null
 *     without a manifest
 */
record Evidence(
    int partition,
    PartitionEntry claim,
    RowAccount rows,
    DeadAccount dead,
    TopicAccount topic,
    Verdict withoutTopic,
    boolean compacted,
    List<Accepted> accepted,
    List<Manifest.Entry> acknowledged) {}
