/**
 * Produces a job's records: {@link io.millrace.producer.Producer#run} is the one entry, {@link
 * io.millrace.producer.ProduceJob} says what to do.
 *
 * <p>What record <i>i</i> of a job holds depends on the seed, <i>i</i> and the start time alone;
 * threads and shards only decide who sends it.
 */
package io.millrace.producer;
