package io.millrace.embedded.registry;

import io.millrace.core.registry.SchemaText;

/**
 * One version under a subject.
 *
 * @param version counted from 1, never used twice before the subject is deleted permanently
 * @param id counted from 1, the same for the same schema under every subject
 * @param deleted softly: hidden, yet its id still answers
 */
record Version(String subject, int version, int id, SchemaText schema, boolean deleted) {
  boolean live() {
    return !deleted;
  }

  Version softDeleted() {
    return new Version(subject, version, id, schema, true);
  }
}
