package io.millrace.source;

import io.millrace.core.column.TableLayout;
import io.millrace.core.config.NullValues;
import io.millrace.core.config.RegistryConfig;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

/**
 * What a task has to know beside its range.
 *
 * @param all the columns of the table, by which a writer's fields find theirs
 * @param layout the columns to read
 */
record ReadSpec(
    String topic,
    Map<String, String> kafka,
    String registryUrl,
    Map<String, String> registryProperties,
    TableLayout all,
    TableLayout layout,
    BadRecords badRecords,
    NullValues nullValues,
    boolean failOnDataLoss,
    Duration unknownSchemaAfter)
    implements Serializable {
  static ReadSpec of(SourceOptions options, TableLayout all, TableLayout layout) {
    return new ReadSpec(
        options.topic(),
        options.kafka(),
        options.registry().url(),
        options.registry().properties(),
        all,
        layout,
        options.badRecords(),
        options.nullValues(),
        options.failOnDataLoss(),
        options.unknownSchemaAfter());
  }

  RegistryConfig registry() {
    return new RegistryConfig(registryUrl, registryProperties);
  }

  /** Secrets among the properties are not shown. */
  @Override
  public String toString() {
    return "ReadSpec[" + topic + "]";
  }
}
