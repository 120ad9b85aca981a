package io.millrace.bench;

import io.millrace.cli.Converters;
import io.millrace.core.error.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code millrace bench hostile}. */
@Command(
    name = "hostile",
    description = "Payloads that no producer sends: time and memory that each costs.")
final class HostileBenchCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 20;

  @Option(
      names = "--payloads",
      paramLabel = "N",
      converter = Converters.Count.class,
      description = "How many (default: 1000000).")
  private long payloads = 1_000_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same one gives the same payloads (default: 1).")
  private long seed = 1;

  @Mixin private RunOptions run;

  @Override
  public Integer call() throws IOException {
    HostileBenchReport result =
        new HostileBench(new HostileBench.Options(Math.toIntExact(payloads), seed, run.directory()))
            .run();
    run.write(result);
    PrintWriter out = run.out();
    out.printf(
        "%,d payloads of %,d schemas: %,d rows, %,d refused%n",
        result.payloads(), result.schemas(), result.rows(), result.refused());
    out.printf(
        "CPU of one: p50 %.1f us, p99.9 %.1f us, longest %,.0f us%n",
        result.cpu().p50(), result.cpu().p999(), result.cpu().longest());
    out.printf(
        "%,d above 64 KiB: p50 %.2f ns a byte, longest %.2f ns a byte%n",
        result.large().payloads(), result.large().p50(), result.large().longest());
    out.printf(
        "allocated: 4,096 bytes and at most %.2f for each byte%n", result.mostBytesAllocated());
    result.findings().stream().limit(MOST_SHOWN).forEach(out::println);
    out.printf("%,d above the bounds%n", result.findings().size());
    out.flush();
    return (result.findings().isEmpty() ? ExitCode.OK : ExitCode.ANSWER_IS_NO).code();
  }
}
