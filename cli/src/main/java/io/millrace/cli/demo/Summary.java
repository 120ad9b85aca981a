package io.millrace.cli.demo;

import io.millrace.core.process.ShellWord;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Prints a demo's report for people. */
final class Summary {
  private final PrintWriter out;

  Summary(PrintWriter out) {
    this.out = out;
  }

  void print(DemoReport report, Path directory) {
    DemoReport.Table table = report.table();
    line("");
    row("records acknowledged", "%,d", report.produced().acknowledged());
    if (report.produced().failed() > 0) {
      row("records FAILED", "%,d", report.produced().failed());
    }
    row("records in the table", "%,d%s", table.records(), earlier(table));
    row("lost", "%,d", report.verify().lost());
    row("duplicated", "%,d", report.verify().duplicated());
    row(
        "verified",
        "%s, in %.1f s",
        report.verify().ok() ? "yes, each exactly once" : "NO",
        report.verify().millis() / 1e3);
    line("");
    line("%-22s%14s%16s".formatted("", "records/s", "CPU us/record"));
    speed("produce", report.rate().produce(), report.cpuMicrosPerRecord().producer());
    speed("broker", -1, report.cpuMicrosPerRecord().broker());
    speed("ingest", report.rate().ingest(), report.cpuMicrosPerRecord().ingest());
    speed("  after first batch", -1, report.cpuMicrosPerRecord().ingestSteady());
    speed("end to end", report.rate().endToEnd(), -1);
    line("");
    DemoReport.FreshnessMillis age = report.freshnessMillis();
    row(
        "freshness",
        "p50 %.1f s, p95 %.1f s, p99 %.1f s",
        age.p50() / 1e3,
        age.p95() / 1e3,
        age.p99() / 1e3);
    row("first commit", "%.1f s after the command", report.firstCommitMillis() / 1e3);
    row(
        "disk",
        "Kafka %,d MB, table %,d MB",
        report.disk().kafkaBytes() / 1_000_000,
        report.disk().tableBytes() / 1_000_000);
    row("table", "%s", table.path());
    line("");
    readers(table.path(), directory);
    out.flush();
  }

  private static String earlier(DemoReport.Table table) {
    long before = table.records() - table.recordsOfThisRun();
    return before > 0 ? String.format(Locale.ROOT, " (%,d of earlier runs)", before) : "";
  }

  private void readers(String path, Path directory) {
    line("Read it with");
    line("  Python   deltalake.DeltaTable(\"" + path + "\").to_pyarrow_table()");
    line("  DuckDB   SELECT count(*) FROM delta_scan('" + path + "')");
    line("  Spark    spark.read.format(\"delta\").load(\"" + path + "\")");
    line(again(directory));
  }

  /** The command as the user called it, which the launcher passes on. */
  static String again(Path directory) {
    String command = System.getProperty("millrace.command", "millrace");
    return "Broker and registry again: "
        + ShellWord.of(command)
        + " up --dir "
        + ShellWord.of(directory);
  }

  private void speed(String what, double rate, double cpu) {
    line(
        "%-22s%14s%16s"
            .formatted(
                what,
                rate < 0 ? "" : String.format(Locale.ROOT, "%,.0f", rate),
                cpu < 0 ? "" : String.format(Locale.ROOT, "%.2f", cpu)));
  }

  private void row(String what, String format, Object... values) {
    line("%-22s%s".formatted(what, String.format(Locale.ROOT, format, values)));
  }

  private void line(String text) {
    out.println(text);
  }
}
