/**
 * A schema registry for Avro with Confluent's REST API, over Confluent's {@code _schemas} topic.
 *
 * <p>Routes delegate: reads go to {@code Lookups}, changes to {@code Registry}, which checks them
 * against the {@code SchemaStore} (the state, without I/O), writes them to the {@code SchemasTopic}
 * and applies them once the broker has acknowledged.
 */
package io.millrace.embedded.registry;
