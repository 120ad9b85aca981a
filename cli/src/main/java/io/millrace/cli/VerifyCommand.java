package io.millrace.cli;

import io.millrace.core.json.JsonFile;
import io.millrace.core.manifest.Manifest;
import io.millrace.lake.verify.Verifier;
import io.millrace.lake.verify.VerifyOptions;
import io.millrace.lake.verify.VerifyOptions.Values;
import io.millrace.lake.verify.VerifyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace verify}. */
@Command(
    name = "verify",
    description = "Prove that each delivered record is in its table exactly once.")
final class VerifyCommand implements Callable<Integer> {
  @Mixin private ConfigOptions config;

  @Option(
      names = "--stream",
      paramLabel = "NAME",
      description = "Verify this stream only. May be repeated (default: all).")
  private Set<String> streams = new LinkedHashSet<>();

  @Option(
      names = "--manifest",
      paramLabel = "FILE",
      description = "What a producer says was acknowledged. May be repeated.")
  private List<Path> manifests = new ArrayList<>();

  @Option(
      names = "--values",
      paramLabel = "WHEN",
      converter = ValuesConverter.class,
      description =
          "Compare column values with the topic's records: with-manifest, always or never"
              + " (default: with-manifest).")
  private Values values = VerifyOptions.defaults().values();

  @Option(
      names = "--since",
      paramLabel = "VERSION|TIME",
      converter = SinceConverter.class,
      description =
          "Check only what came since this version of the table, or its latest one at this time,"
              + " such as 2026-01-31T00:00:00Z.")
  private VerifyOptions.Since since;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that read (default: one a core).")
  private int threads = VerifyOptions.defaults().threads();

  @Option(names = "--report", paramLabel = "FILE", description = "Write the report as JSON.")
  private Path report;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Errors.requireOption(threads >= 1, "--threads", threads, "1 or more");
    if (report != null) {
      JsonFile.report(report).requireWritable();
    }
    VerifyOptions options =
        new VerifyOptions(streams, Manifest.readAll(manifests), values, threads, since);
    PrintWriter out = spec.commandLine().getOut();
    ProgressLine progress = ProgressLine.onTerminal(spec.commandLine().getErr());
    VerifyReport result =
        Verifier.verify(
            config.load().config(),
            options,
            (stream, phase, done, total) ->
                progress.show(
                    "%s: reading the %s, %,d of %,d"
                        .formatted(stream, phase.name().toLowerCase(Locale.ROOT), done, total)));
    progress.clear();
    out.print(result.toText());
    out.flush();
    if (report != null) {
      result.write(report);
    }
    return result.exitCode().code();
  }

  /** A number is a version, anything else a time. */
  static final class SinceConverter implements ITypeConverter<VerifyOptions.Since> {
    @Override
    public VerifyOptions.Since convert(String text) {
      return text.matches("\\d{1,18}")
          ? VerifyOptions.Since.version(Long.parseLong(text))
          : VerifyOptions.Since.time(new Converters.PointInTime().convert(text));
    }
  }

  /** {@code with-manifest} for {@code WITH_MANIFEST}. */
  static final class ValuesConverter extends Converters.OneOf<Values> {
    ValuesConverter() {
      super(Values.class);
    }
  }
}
