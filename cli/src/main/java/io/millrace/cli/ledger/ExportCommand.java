package io.millrace.cli.ledger;

import io.millrace.cli.ConfigOptions;
import io.millrace.cli.Errors;
import io.millrace.cli.Streams;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.lake.history.LedgerExport;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace ledger export}. */
@Command(
    name = "export",
    description = {
      "Bring what each commit took into a Delta table of its own, beyond the retention of the log.",
      "May be run at any time and as often as one likes: it goes on where it was."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Of this stream only (default: all).")
  private String stream;

  @Option(
      names = "--to",
      paramLabel = "PATH",
      description = "Path of the Delta table (default: the stream's, with _ledger at its end).")
  private String to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MillraceConfig loaded = config.load().config();
    Collection<StreamConfig> streams = Streams.of(loaded, stream, null);
    if (to != null && streams.size() != 1) {
      throw Errors.usage(
          "The option --to can't be used",
          "%d streams are meant, and each table has an export of its own; name one with --stream"
              .formatted(streams.size()));
    }
    PrintWriter out = spec.commandLine().getOut();
    for (StreamConfig one : streams) {
      String path = to == null ? LedgerExport.path(one.table()) : to;
      Optional<LedgerExport.Result> result =
          new LedgerExport(one.table(), one.name(), path, loaded.hadoop()).run();
      out.println(
          result
              .map(done -> line(one, path, done))
              .orElse("stream %s: there is no table yet".formatted(one.name())));
      out.flush();
    }
    return ExitCode.OK.code();
  }

  private static String line(StreamConfig stream, String path, LedgerExport.Result result) {
    return "stream %s: %,d rows to %s, which has it up to version %d%s"
        .formatted(
            stream.name(),
            result.rows(),
            path,
            result.through(),
            result.gaps() == 0
                ? ""
                : "; versions before were no longer in the log, see the rows of kind GAP");
  }
}
