package io.millrace.core.config;

import java.nio.file.Path;

/**
 * A config and where it came from.
 *
 * @param file the file, or the working directory where there was none
 * @param config what is in it
 * @param effectiveYaml the whole config as YAML, defaults filled in and secrets hidden
 */
public record LoadedConfig(Path file, MillraceConfig config, String effectiveYaml) {}
