package io.millrace.cli;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.Suggestion;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Slips in the names of Kafka properties. A name that is like none of Kafka's passes, since
 * interceptors and others have names of their own.
 */
final class KafkaNames {
  private static final Set<String> KNOWN = new TreeSet<>(ConsumerConfig.configNames());

  static {
    KNOWN.addAll(ProducerConfig.configNames());
    KNOWN.addAll(AdminClientConfig.configNames());
  }

  private KafkaNames() {}

  /**
   * Returns where no name looks like a slip.
   *
   * @throws MillraceException that names all that do
   */
  static void check(MillraceConfig config) {
    List<String> slips = new ArrayList<>();
    add(slips, "kafka", config.kafka());
    config
        .streams()
        .forEach((name, stream) -> add(slips, "streams." + name + ".kafka", stream.kafka()));
    if (!slips.isEmpty()) {
      throw new MillraceException(
          ExitCode.USAGE,
          "Kafka does not know a property of the config",
          String.join("; ", slips),
          "Correct the name or leave it out");
    }
  }

  private static void add(List<String> slips, String path, Map<String, String> properties) {
    for (String name : properties.keySet()) {
      if (!KNOWN.contains(name)) {
        Suggestion.ofSlip(name, KNOWN)
            .ifPresent(meant -> slips.add(path + "." + name + "; did you mean " + meant + "?"));
      }
    }
  }
}
