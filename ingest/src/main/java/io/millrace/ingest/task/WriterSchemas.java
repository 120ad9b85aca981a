package io.millrace.ingest.task;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.registry.UnknownSchemaException;
import io.millrace.core.wire.SchemaKey;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;

/**
 * The writer schemas that records name: asked for once a process, and kept in files beside the
 * table, which answer where the registry does not. Safe for use by several threads.
 *
 * <p>A look-up that fails is not repeated before a growing wait has passed, so that records that
 * wait for a schema don't hold up those that don't.
 */
final class WriterSchemas {
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

  /** Ids that mean nothing may be without number. */
  private static final int MOST_FAILURES = 100_000;

  /** Look-ups of one schema that have failed. */
  private record Failure(
      MillraceException cause, boolean unknown, int times, long first, long next) {}

  private final SchemaRegistry registry;
  private final SchemaFiles files;
  private final LongSupplier nanoClock;
  private final Map<SchemaKey, Schema> schemas = new ConcurrentHashMap<>();
  private final Map<SchemaKey, Failure> failures = new ConcurrentHashMap<>();

  WriterSchemas(SchemaRegistry registry, SchemaFiles files, LongSupplier nanoClock) {
    this.registry = registry;
    this.files = files;
    this.nanoClock = nanoClock;
  }

  /**
   * The schema that a record names.
   *
   * @param unknownAfter how long the registry may say that it does not know it
   * @throws SchemaNotThereException where it can't be had now; {@link
   *     SchemaNotThereException#isFinal} where waiting longer is no use
   */
  Schema get(SchemaKey key, Duration unknownAfter) throws SchemaNotThereException {
    Schema known = schemas.get(key);
    if (known != null) {
      return known;
    }
    Failure failed = failures.get(key);
    if (failed == null || failed.next - nanoClock.getAsLong() <= 0) {
      try {
        return keep(key, registry.byKey(key));
      } catch (MillraceException e) {
        if (e.exitCode() == ExitCode.INTERRUPTED) {
          throw e;
        }
        Optional<Schema> kept =
            e instanceof UnknownSchemaException ? Optional.empty() : files.read(key);
        if (kept.isPresent()) {
          schemas.put(key, kept.get());
          return kept.get();
        }
        if (failures.size() >= MOST_FAILURES) {
          failures.clear(); // asked for again, where their records still wait
        }
        failed = failures.compute(key, (k, before) -> after(before, e));
      }
    }
    throw new SchemaNotThereException(failed.cause, unknownFor(failed), unknownAfter);
  }

  /** How long the registry has said that there is no such schema; null where it has not. */
  private Duration unknownFor(Failure failed) {
    if (failed.cause instanceof UnknownSchemaException unknown) {
      return unknown.mayCome()
          ? Duration.ofNanos(nanoClock.getAsLong() - failed.first)
          : ChronoUnit.FOREVER.getDuration();
    }
    return null;
  }

  private Schema keep(SchemaKey key, Schema schema) {
    files.write(key, schema);
    schemas.put(key, schema);
    failures.remove(key);
    return schema;
  }

  private Failure after(Failure before, MillraceException cause) {
    long now = nanoClock.getAsLong();
    boolean unknown = cause instanceof UnknownSchemaException;
    int times = before == null ? 0 : before.times + 1;
    // The time runs while the registry answers; what it said before an outage says nothing.
    long first = before == null || before.unknown != unknown ? now : before.first;
    long wait = FIRST_WAIT.toNanos() << Math.min(times, 10);
    return new Failure(cause, unknown, times, first, now + Math.min(wait, LONGEST_WAIT.toNanos()));
  }
}
