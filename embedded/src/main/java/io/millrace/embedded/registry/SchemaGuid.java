package io.millrace.embedded.registry;

import io.millrace.core.registry.SchemaText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * A schema's GUID, derived as Confluent's registry does (its class {@code MD5}), so that a schema
 * keeps it when Confluent's takes over: MD5 of the text and of each reference's name, subject and
 * version.
 */
final class SchemaGuid {
  private SchemaGuid() {}

  static UUID of(SchemaText schema) {
    MessageDigest md5 = md5();
    md5.update(schema.text().getBytes(StandardCharsets.UTF_8));
    for (SchemaText.Reference reference : schema.references()) {
      md5.update(reference.name().getBytes(StandardCharsets.UTF_8));
      md5.update(reference.subject().getBytes(StandardCharsets.UTF_8));
      md5.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, reference.version()));
    }
    ByteBuffer digest = ByteBuffer.wrap(md5.digest());
    return new UUID(digest.getLong(), digest.getLong());
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has MD5", e);
    }
  }
}
