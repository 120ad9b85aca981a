package io.millrace.cli.drill;

import io.millrace.core.fault.CrashPoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a drill does.
 *
 * @param directory empty or not there: all of the drill's is in it
 * @param kills SIGKILLs, 0 or more
 * @param faults other faults, each of which comes once for every ten kills begun
 * @param points crash points at which ingest is killed besides, in this order
 * @param limit after so long no further step is begun
 * @param seed same seed, same plan
 * @param rate records per second
 * @param partitions of the topic
 * @param report where the JSON goes; null for nowhere
 * @param markdown where the Markdown goes; null for nowhere
 */
record DrillOptions(
    Path directory,
    int kills,
    List<Fault> faults,
    List<CrashPoint> points,
    Duration limit,
    long seed,
    long rate,
    int partitions,
    Path report,
    Path markdown) {}
