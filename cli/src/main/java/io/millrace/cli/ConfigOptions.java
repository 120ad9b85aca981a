package io.millrace.cli;

import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.ConfigOverride;
import io.millrace.core.config.LoadedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of every command that reads the config. */
public final class ConfigOptions {
  private static final Path DEFAULT_FILE = Path.of("millrace.yaml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Config file (default: ./millrace.yaml).")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Override one key of the config, such as streams.user-events.triggerInterval=2s;"
              + " streams.*.KEY is for all streams. May be repeated.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "Override kafka.bootstrap.servers.")
  private String bootstrapServers;

  @Option(names = "--registry-url", paramLabel = "URL", description = "Override registry.url.")
  private String registryUrl;

  /** The config with the overrides laid over it. */
  public LoadedConfig load() {
    return load(List.of());
  }

  /** As {@link #load()} from a file that was given in another way than by {@code -c}. */
  public LoadedConfig loadFrom(Path given) {
    file = given;
    return load();
  }

  /** As {@link #load()}, with a command's own overrides on top. */
  LoadedConfig load(List<ConfigOverride> more) {
    List<ConfigOverride> overrides = new ArrayList<>();
    sets.forEach(text -> overrides.add(override(text)));
    if (bootstrapServers != null) {
      overrides.add(
          new ConfigOverride("--bootstrap-servers", "kafka.bootstrap.servers", bootstrapServers));
    }
    if (registryUrl != null) {
      overrides.add(new ConfigOverride("--registry-url", "registry.url", registryUrl));
    }
    overrides.addAll(more);
    LoadedConfig loaded =
        file == null && !Files.exists(DEFAULT_FILE) && bootstrapServers != null
            ? ConfigLoader.of(Path.of("").toAbsolutePath(), overrides, System::getenv)
            : ConfigLoader.load(file == null ? DEFAULT_FILE : file, overrides, System::getenv);
    KafkaNames.check(loaded.config());
    return loaded;
  }

  private static ConfigOverride override(String text) {
    try {
      return ConfigOverride.parse("--set", text);
    } catch (IllegalArgumentException e) {
      throw Errors.usage(
          "The option --set " + text + " can't be used", "needed: " + e.getMessage());
    }
  }
}
