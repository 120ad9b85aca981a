/** A user's own files (JSON Lines, CSV, Avro containers) as Avro records of a given schema. */
package io.millrace.producer.file;
