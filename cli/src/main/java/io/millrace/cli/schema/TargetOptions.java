package io.millrace.cli.schema;

import io.millrace.core.config.MillraceConfig;
import picocli.CommandLine.Option;

/** The options that say which subject. */
final class TargetOptions {
  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "The topic (default: that of the config's only stream).")
  String topic;

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "The subject (default: the stream's, or TOPIC-value).")
  String subject;

  @Option(names = "--key", description = "The keys' schema, of subject TOPIC-key.")
  boolean key;

  Target target(MillraceConfig config) {
    return Target.of(config, topic, subject, key);
  }
}
