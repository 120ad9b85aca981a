package io.millrace.source;

import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;

/** A read of a bounded range. */
final class TopicBatch implements Batch {
  private final SourceOptions options;
  private final ReadSpec spec;

  TopicBatch(SourceOptions options, ReadSpec spec) {
    this.options = options;
    this.spec = spec;
    requireBounds();
  }

  private void requireBounds() {
    Bound starting = options.starting().orElse(new Bound.Earliest());
    Bound ending = options.ending().orElse(new Bound.Latest());
    if (starting instanceof Bound.Latest
        || (starting instanceof Bound.Offsets o && o.byPartition().containsValue(Bound.LATEST))) {
      throw wrong("startingOffsets", "latest (-1) has nothing behind it in a batch");
    }
    if (ending instanceof Bound.Earliest
        || (ending instanceof Bound.Offsets o && o.byPartition().containsValue(Bound.EARLIEST))) {
      throw wrong("endingOffsets", "earliest (-2) has nothing before it");
    }
  }

  private static MillraceException wrong(String option, String reason) {
    return SourceErrors.usage(
        "Option '" + option + "' of format millrace is wrong", reason, "Correct it", null);
  }

  @Override
  public InputPartition[] planInputPartitions() {
    List<OffsetRange> ranges = new ArrayList<>();
    try (TopicAdmin admin = new TopicAdmin(options.topic(), options.kafka())) {
      BoundOffsets bounds = new BoundOffsets(admin, options);
      SortedMap<Integer, Long> from =
          bounds.starting(options.starting().orElse(new Bound.Earliest()));
      SortedMap<Integer, Long> to = bounds.ending(options.ending().orElse(new Bound.Latest()));
      SortedMap<Integer, Long> last = admin.latest();
      from.forEach(
          (p, start) ->
              ranges.add(new OffsetRange(p, start, end(p, to.getOrDefault(p, start), last))));
    }
    return RangeSplitter.split(ranges, options.minPartitions().orElse(0L))
        .toArray(InputPartition[]::new);
  }

  private long end(int partition, long wanted, SortedMap<Integer, Long> last) {
    long there = last.getOrDefault(partition, 0L);
    if (wanted <= there) {
      return wanted;
    }
    if (options.failOnDataLoss()) {
      throw SourceErrors.dataLoss(
          options.topic(),
          "partition %d ends at %d, and the range at %d".formatted(partition, there, wanted),
          null);
    }
    return there;
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return new ColumnsReaderFactory(spec, Counters.NONE);
  }
}
