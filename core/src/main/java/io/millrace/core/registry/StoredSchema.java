package io.millrace.core.registry;

/**
 * One version under a subject, not parsed: it may be of a type that Millrace does not read.
 *
 * @param version from 1
 * @param id the registry's
 * @param type such as AVRO, JSON or PROTOBUF
 */
public record StoredSchema(String subject, int version, int id, String type, SchemaText schema) {}
