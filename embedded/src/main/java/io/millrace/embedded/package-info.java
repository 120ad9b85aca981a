/**
 * A real Kafka broker and a schema registry on this machine, for the demo, for development and for
 * tests: {@link io.millrace.embedded.LocalStack} as a part of this process's life, {@link
 * io.millrace.embedded.Supervisor} in the background.
 *
 * <p>A directory holds {@code kafka/} (Kafka's data), {@code logs/}, {@code stack.properties}
 * (cluster id and ports), {@code broker.properties} (written at each start), two lock files and,
 * while a supervisor runs, {@code stack.json}.
 */
package io.millrace.embedded;
