package io.millrace.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** Says what keeps a new schema from following earlier ones. */
final class Compatibility {
  private Compatibility() {}

  /**
   * An earlier version to compare with.
   *
   * @param version its number, for the messages
   */
  record Earlier(int version, Schema schema) {}

  /**
   * Compares with the latest or with all earlier versions, as the level says.
   *
   * @param earlier oldest first
   * @return what doesn't fit, for people; empty where all fits
   */
  static List<String> problems(Schema next, List<Earlier> earlier, CompatibilityLevel level) {
    int first = level.allVersions() ? 0 : Math.max(0, earlier.size() - 1);
    List<String> problems = new ArrayList<>();
    for (int i = earlier.size() - 1; i >= first && problems.isEmpty(); i--) {
      Earlier old = earlier.get(i);
      if (level.newReadsOld()) {
        compare(next, old.schema(), "new", old, problems);
      }
      if (level.oldReadsNew()) {
        compare(old.schema(), next, "old", old, problems);
      }
    }
    if (!problems.isEmpty()) {
      problems.add("{compatibility: '" + level + "'}");
    }
    return problems;
  }

  private static void compare(
      Schema reader, Schema writer, String readerName, Earlier old, List<String> problems) {
    SchemaPairCompatibility pair =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    for (Incompatibility found : pair.getResult().getIncompatibilities()) {
      problems.add(
          "{errorType:'%s', description:'The %s schema can't read data of the other at path '%s'', additionalInfo:'%s', oldSchemaVersion: %d}"
              .formatted(
                  found.getType(),
                  readerName,
                  found.getLocation(),
                  found.getMessage(),
                  old.version()));
    }
  }
}
