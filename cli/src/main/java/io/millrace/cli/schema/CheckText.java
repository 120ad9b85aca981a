package io.millrace.cli.schema;

import io.millrace.cli.schema.TablePreview.Effect;
import io.millrace.cli.schema.TablePreview.PreviewColumn;
import java.util.ArrayList;
import java.util.List;

/** A check's report as lines of text. */
final class CheckText {
  private final List<String> lines = new ArrayList<>();

  private CheckText() {}

  static String of(CheckReport report) {
    CheckText text = new CheckText();
    text.add("%s for %s, level %s", report.schema(), report.subject(), report.level());
    text.versions(report.versions());
    if (report.table() != null) {
      text.table(report.table());
    }
    text.sample(report);
    text.add("%s", report.isSafe() ? "safe" : "NOT SAFE: " + String.join("; ", report.problems()));
    return String.join(System.lineSeparator(), text.lines) + System.lineSeparator();
  }

  private void versions(List<VersionVerdict> versions) {
    add("compatibility");
    if (versions.isEmpty()) {
      add("  the subject has no version yet");
    }
    for (VersionVerdict v : versions) {
      add(
          "  version %d: %s; new reads old: %s; old reads new: %s",
          v.version(),
          v.accepted() ? "accepted" : "REFUSED",
          v.newCannotReadOld().isEmpty() ? "yes" : "no",
          v.oldCannotReadNew().isEmpty() ? "yes" : "no");
      v.newCannotReadOld().forEach(problem -> add("    new reads old: %s", problem));
      v.oldCannotReadNew().forEach(problem -> add("    old reads new: %s", problem));
      if (!v.accepted()) {
        v.messages().forEach(message -> add("    registry: %s", message));
      }
    }
  }

  private void table(TablePreview table) {
    add("table%s", table.bySql() ? ", by the stream's sql" : "");
    if (table.refusal() != null) {
      add(
          "  %s: %s",
          table.bySql() ? "such records would be dead letters" : "none can be made",
          table.refusal());
    }
    for (PreviewColumn column : table.columns()) {
      switch (column.effect()) {
        case STAYS -> {}
        case WIDENS -> add("  * %s %s: gets new members", column.name(), column.type());
        case APPEARS -> add("  + %s %s", column.name(), column.type());
        case NULL_FROM_NOW_ON ->
            add("  ~ %s %s: stays, null in new rows", column.name(), column.type());
        case READ_AS_NULL ->
            add(
                "  ~ field %s %s: the sql reads it, and it is null in new records",
                column.name(), column.type());
        case CONFLICT ->
            add("  ! %s %s: can't be stored: %s", column.name(), column.type(), column.reason());
      }
    }
    if (table.refusal() == null) {
      long stay = table.columns().stream().filter(c -> c.effect() == Effect.STAYS).count();
      add("  %d column%s as before", stay, stay == 1 ? " stays" : "s stay");
    }
  }

  private void sample(CheckReport report) {
    add("sample");
    Sample sample = report.sample();
    if (sample == null) {
      add("  none taken");
      return;
    }
    add(
        "  %,d records of %d partitions: %,d fit, %,d no longer fit, %,d are unreadable anyway,"
            + " %,d are null",
        sample.records(),
        sample.partitions(),
        sample.fit(),
        sample.misfits(),
        sample.unreadable(),
        sample.nulls());
    sample.misfitsNamed().forEach(named -> named("no longer fits", named));
    sample.unreadableNamed().forEach(named -> named("unreadable anyway", named));
  }

  private void named(String what, Sample.Named named) {
    add(
        "    %s: partition %d offset %d: %s",
        what, named.partition(), named.offset(), named.reason());
  }

  private void add(String line, Object... values) {
    lines.add(line.formatted(values));
  }
}
