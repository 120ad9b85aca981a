package io.millrace.ingest.plan;

import java.io.Serializable;

/**
 * Offsets {@code [from, to)} of one partition, for one task.
 *
 * @param mustFinish another task of the batch goes on from {@code to}, so that ending early would
 *     leave a hole
 */
public record Range(int partition, long from, long to, boolean mustFinish) implements Serializable {
  public long offsets() {
    return to - from;
  }
}
