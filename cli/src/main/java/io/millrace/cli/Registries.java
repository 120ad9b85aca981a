package io.millrace.cli;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.registry.SchemaRegistry;

/** Opens the registry of a config. */
final class Registries {
  private Registries() {}

  static SchemaRegistry open(MillraceConfig config) {
    throw new IllegalStateException("to be written " + config.registry());
  }
}
