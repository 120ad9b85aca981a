package io.millrace.ingest.task;

import io.millrace.ingest.plan.Range;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * One task's part of a batch.
 *
 * @param ranges what to read, in this order
 * @param mostBytes bytes of values after which the ranges are ended early
 * @param largestValue bytes of the largest value seen in the stream so far, 0 at the start
 * @param bytesPerRecord average bytes of a value so far, 0 at the start
 */
public record TaskPlan(List<Range> ranges, long mostBytes, long largestValue, double bytesPerRecord)
    implements Serializable {
  public TaskPlan {
    ranges = new ArrayList<>(ranges);
  }
}
