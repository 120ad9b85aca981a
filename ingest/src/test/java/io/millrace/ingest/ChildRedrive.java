package io.millrace.ingest;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.ingest.redrive.Redrive;
import io.millrace.ingest.redrive.Steps;
import io.millrace.lake.deadletter.DeadLetterFilter;
import java.time.InstantSource;
import java.util.Map;

/**
 * A redrive as a process of its own, to be killed. Arguments: bootstrap servers, registry, topic,
 * table, stream, and the step after which it halts.
 */
final class ChildRedrive {
  private ChildRedrive() {}

  public static void main(String[] args) {
    StreamConfig stream = new Runs.Stream(args[2], args[3]).named(args[4]).config();
    MillraceConfig config =
        new MillraceConfig(
            Map.of("bootstrap.servers", args[0]),
            new RegistryConfig(args[1], Map.of()),
            Map.of(),
            Map.of(),
            Map.of(stream.name(), stream));
    try (Steps halting = new Steps(args[5], () -> Runtime.getRuntime().halt(9))) {
      Redrive.run(
          config, stream, DeadLetterFilter.ALL, Redrive.Options.DEFAULTS, InstantSource.system());
    }
  }
}
