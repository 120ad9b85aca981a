/** What a running ingest leaves beside its table for people: how it is doing. */
package io.millrace.lake.state;
