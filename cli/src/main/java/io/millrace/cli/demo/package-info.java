/** {@code millrace demo}: broker, producer, ingest and verify in one command, and what it took. */
package io.millrace.cli.demo;
