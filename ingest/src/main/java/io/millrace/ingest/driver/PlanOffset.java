package io.millrace.ingest.driver;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.read.streaming.Offset;

/**
 * The offset that Spark sees: the number of a plan and the Kafka offsets it goes up to, as {@code
 * {"plan":3,"targets":{"0":120,"1":98}}}. Two are equal if their JSON is, so a new number makes
 * Spark run a batch, and the same one none.
 */
final class PlanOffset extends Offset {
  private static final Pattern PLAN = Pattern.compile("\"plan\":(\\d+)");
  private static final Pattern TARGET = Pattern.compile("\"(\\d+)\":(\\d+)");

  private final long number;
  private final SortedMap<Integer, Long> targets;

  PlanOffset(long number, Map<Integer, Long> targets) {
    this.number = number;
    this.targets = new TreeMap<>(targets);
  }

  static PlanOffset fromJson(String json) {
    Matcher plan = PLAN.matcher(json);
    if (!plan.find()) {
      throw new IllegalArgumentException("not a plan's offset: " + json);
    }
    SortedMap<Integer, Long> targets = new TreeMap<>();
    Matcher target = TARGET.matcher(json);
    while (target.find()) {
      targets.put(Integer.valueOf(target.group(1)), Long.valueOf(target.group(2)));
    }
    return new PlanOffset(Long.parseLong(plan.group(1)), targets);
  }

  long number() {
    return number;
  }

  SortedMap<Integer, Long> targets() {
    return targets;
  }

  @Override
  public String json() {
    return targets.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
        .collect(Collectors.joining(",", "{\"plan\":" + number + ",\"targets\":{", "}}"));
  }
}
