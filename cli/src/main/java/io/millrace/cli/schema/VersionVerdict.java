package io.millrace.cli.schema;

import io.millrace.core.registry.Compatible;
import java.util.List;
import org.apache.avro.Schema;

/**
 * How a new schema goes with one earlier version.
 *
 * @param version the registry's number
 * @param id the registry's
 * @param accepted whether the registry takes the new schema after this version, by its level
 * @param messages why not, in the registry's words
 * @param newCannotReadOld why the new schema does not read all that this version wrote, by Avro's
 *     own rules; empty where it does
 * @param oldCannotReadNew the same the other way round
 */
record VersionVerdict(
    int version,
    int id,
    boolean accepted,
    List<String> messages,
    List<String> newCannotReadOld,
    List<String> oldCannotReadNew) {

  static VersionVerdict of(int version, int id, Schema old, Schema next, Compatible registrys) {
    return new VersionVerdict(
        version,
        id,
        registrys.yes(),
        registrys.messages(),
        Readability.problems(next, old),
        Readability.problems(old, next));
  }
}
