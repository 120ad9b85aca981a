/** A stream's SQL: compiled once a task for the columns at hand, evaluated record by record. */
package io.millrace.ingest.sql;
