package io.millrace.lake.deadletter;

import org.apache.kafka.common.header.Headers;

/**
 * A dead letter as its table holds it, the record's bytes included.
 *
 * @param key null where the record has none
 * @param value null where the record's is null
 */
public record StoredDeadLetter(
    DeadLetterEntry entry, String topic, byte[] key, byte[] value, Headers headers) {}
