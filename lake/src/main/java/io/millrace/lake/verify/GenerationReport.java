package io.millrace.lake.verify;

import java.util.List;

/**
 * What was found out about a generation of the topic that has ended, without Kafka.
 *
 * @param generation from 1
 * @param topicId Kafka's id of the topic
 * @param clusterId Kafka's cluster id
 * @param partitions ascending
 */
public record GenerationReport(
    int generation, String topicId, String clusterId, List<PartitionReport> partitions) {}
