package io.millrace.cli.schema;

import io.millrace.cli.schema.TablePreview.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * What a new schema would change, as a report.
 *
 * @param schema where it came from
 * @param topic null where only a subject was named
 * @param level the subject's compatibility level
 * @param latestOnly whether versions before the latest don't decide
 * @param versions newest first; none where the subject is new
 * @param table null for a schema of keys
 * @param sample null where none was taken
 * @param problems why it is not safe; none where it is
 */
record CheckReport(
    String schema,
    String subject,
    String topic,
    String level,
    boolean latestOnly,
    List<VersionVerdict> versions,
    TablePreview table,
    Sample sample,
    List<String> problems) {

  static CheckReport of(
      String schema,
      Target target,
      String level,
      boolean latestOnly,
      List<VersionVerdict> versions,
      TablePreview table,
      Sample sample) {
    return new CheckReport(
        schema,
        target.subject(),
        target.topic().orElse(null),
        level,
        latestOnly,
        List.copyOf(versions),
        table,
        sample,
        problems(level, latestOnly, versions, table, sample));
  }

  /** Whether nothing speaks against the schema. */
  public boolean isSafe() {
    return problems.isEmpty();
  }

  private static List<String> problems(
      String level,
      boolean latestOnly,
      List<VersionVerdict> versions,
      TablePreview table,
      Sample sample) {
    List<String> problems = new ArrayList<>();
    boolean all = !latestOnly || level.endsWith("_TRANSITIVE");
    List<Integer> refused =
        (all ? versions : versions.subList(0, Math.min(1, versions.size())))
            .stream().filter(v -> !v.accepted()).map(VersionVerdict::version).toList();
    if (!refused.isEmpty()) {
      problems.add("incompatible with version " + joined(refused));
    }
    if (table != null && table.refusal() != null) {
      problems.add(
          table.bySql() ? "the stream's sql can't take its records" : "no table can be made of it");
    }
    if (table != null) {
      List<String> conflicts =
          table.columns().stream()
              .filter(c -> c.effect() == Effect.CONFLICT)
              .map(TablePreview.PreviewColumn::name)
              .toList();
      if (!conflicts.isEmpty()) {
        problems.add(
            (table.bySql() ? "the sql can't read " : "the table can't take ") + joined(conflicts));
      }
    }
    if (sample != null && sample.misfits() > 0) {
      problems.add(
          "%,d of %,d sampled records no longer fit".formatted(sample.misfits(), sample.records()));
    }
    return List.copyOf(problems);
  }

  private static String joined(List<?> items) {
    return String.join(", ", items.stream().map(String::valueOf).toList());
  }
}
