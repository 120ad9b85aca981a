/**
 * Generators: an Avro schema and hints are compiled once into writers of Avro binary, which then
 * make each record's bytes without an object a field.
 */
package io.millrace.producer.generate;
