package io.millrace.producer;

/**
 * Records of one partition that failed for one cause.
 *
 * @param partition -1 where the record failed before it had one
 * @param records how many
 * @param cause the Kafka client's words for the first of them
 */
public record DeliveryFailure(String topic, int partition, long records, String cause) {}
