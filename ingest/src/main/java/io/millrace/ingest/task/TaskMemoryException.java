package io.millrace.ingest.task;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;

/** A task ran out of memory: the same batch would again, a smaller one may not. */
public final class TaskMemoryException extends MillraceException {
  private static final long serialVersionUID = 1L;

  TaskMemoryException(String problem, String reason, String remedy) {
    super(ExitCode.UNREACHABLE, problem, reason, remedy);
  }

  static TaskMemoryException of(TaskSpec spec, OutOfMemoryError e) {
    return new TaskMemoryException(
        "A task of stream " + spec.stream() + " ran out of memory",
        "%s; the largest heap of its process is %d MiB"
            .formatted(e.getMessage(), Runtime.getRuntime().maxMemory() >> 20),
        "Give it more with -Xmx in MILLRACE_OPTS (spark.executor.memory on a cluster), or lower"
            + " maxBytesPerTrigger");
  }
}
