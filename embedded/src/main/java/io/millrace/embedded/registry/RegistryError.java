package io.millrace.embedded.registry;

import java.util.List;
import java.util.UUID;

/**
 * An answer that is an error, by Confluent's numbers (docs.confluent.io, Schema Registry API
 * reference): the first three digits are the HTTP status.
 */
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  private RegistryError(int code, String message) {
    super(message);
    this.code = code;
  }

  /** Such as 40401. */
  int code() {
    return code;
  }

  /** Such as 404. */
  int httpStatus() {
    return code < 1_000 ? code : code / 100;
  }

  static RegistryError badRequest(String message) {
    return new RegistryError(400, message);
  }

  static RegistryError notFound() {
    return new RegistryError(404, "HTTP 404 Not Found");
  }

  static RegistryError methodNotAllowed() {
    return new RegistryError(405, "HTTP 405 Method Not Allowed");
  }

  static RegistryError unrecognizedField(String name) {
    return new RegistryError(422, "Unrecognized field: " + name);
  }

  static RegistryError subjectNotFound(String subject) {
    return new RegistryError(40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError versionNotFound(int version) {
    return new RegistryError(40402, "Version " + version + " not found.");
  }

  static RegistryError schemaNotFound() {
    return new RegistryError(40403, "Schema not found");
  }

  static RegistryError schemaNotFound(int id) {
    return new RegistryError(40403, "Schema " + id + " not found");
  }

  static RegistryError schemaNotFound(UUID guid) {
    return new RegistryError(40403, "Schema " + guid + " not found");
  }

  static RegistryError subjectSoftDeleted(String subject) {
    return new RegistryError(
        40404,
        "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
  }

  static RegistryError subjectNotSoftDeleted(String subject) {
    return new RegistryError(
        40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
  }

  static RegistryError versionSoftDeleted(String subject, int version) {
    return new RegistryError(
        40406,
        "Subject '%s' Version %d was soft deleted. Set permanent=true to delete permanently"
            .formatted(subject, version));
  }

  static RegistryError versionNotSoftDeleted(String subject, int version) {
    return new RegistryError(
        40407,
        "Subject '%s' Version %d was not deleted first before being permanently deleted"
            .formatted(subject, version));
  }

  static RegistryError noSubjectLevel(String subject) {
    return new RegistryError(
        40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryError noSubjectMode(String subject) {
    return new RegistryError(
        40409, "Subject '" + subject + "' does not have subject-level mode configured");
  }

  static RegistryError incompatible(String subject, List<String> problems) {
    return new RegistryError(
        409,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: %s"
            .formatted(subject, problems));
  }

  static RegistryError invalidSchema(String subject, String details) {
    return new RegistryError(
        42201, "Invalid schema under subject '" + subject + "', details: " + details);
  }

  static RegistryError emptySchema() {
    return new RegistryError(42201, "Empty schema");
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        42202,
        "The specified version '%s' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
            .formatted(version));
  }

  static RegistryError invalidLevel() {
    return new RegistryError(
        42203,
        "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive");
  }

  static RegistryError invalidMode() {
    return new RegistryError(
        42204, "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE");
  }

  static RegistryError readOnly(String subject) {
    return new RegistryError(42205, "Subject " + subject + " is in read-only mode");
  }

  static RegistryError notImporting(String subject) {
    return new RegistryError(42205, "Subject " + subject + " is not in import mode");
  }

  static RegistryError referenced(String subject, int version) {
    return new RegistryError(
        42206,
        "One or more references exist to the schema {magic=1,keytype=SCHEMA,subject=%s,version=%d}."
            .formatted(subject, version));
  }

  static RegistryError store(String details) {
    return new RegistryError(50001, "Error in the backend data store: " + details);
  }

  static RegistryError storeTimeout(String details) {
    return new RegistryError(50002, "Kafka store operation timed out: " + details);
  }
}
