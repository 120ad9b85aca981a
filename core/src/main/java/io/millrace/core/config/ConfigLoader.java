package io.millrace.core.config;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.FileErrors;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads the config file. Tells all errors at once. */
public final class ConfigLoader {
  static final List<String> SECTIONS = List.of("kafka", "registry", "spark", "hadoop", "streams");

  private final Path file;
  private final List<ConfigOverride> overrides;
  private final ConfigErrors errors = new ConfigErrors();
  private final Substitution substitution;
  private final TablePaths paths;

  private ConfigLoader(
      Path file, Path directory, List<ConfigOverride> overrides, UnaryOperator<String> env) {
    this.file = file;
    this.overrides = overrides;
    this.substitution = new Substitution(env, directory);
    this.paths = new TablePaths(directory);
  }

  /** The config in a file. */
  public static LoadedConfig load(Path file) {
    return load(file, List.of(), System::getenv);
  }

  /**
   * The config in a file, single keys overridden.
   *
   * @param environment a variable's value by its name, null where it is not set
   * @throws MillraceException {@code USAGE} with everything that is wrong
   */
  public static LoadedConfig load(
      Path file, List<ConfigOverride> overrides, UnaryOperator<String> environment) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The config " + file + " can't be read",
          "there is no such file",
          "Give another one with -c, or let `millrace up --dir DIR` write one",
          e);
    } catch (IOException e) {
      throw new MillraceException(
          ExitCode.USAGE,
          "The config " + file + " can't be read",
          FileErrors.reason(e),
          "Give a YAML file in UTF-8 that may be read",
          e);
    }
    Path directory = file.toAbsolutePath().getParent();
    return new ConfigLoader(file, directory, overrides, environment).read(text);
  }

  /** A config that consists of overrides alone; table paths are meant from {@code directory}. */
  public static LoadedConfig of(
      Path directory, List<ConfigOverride> overrides, UnaryOperator<String> environment) {
    return new ConfigLoader(directory, directory, overrides, environment).read("");
  }

  private LoadedConfig read(String text) {
    YamlNode.Mapping root = YamlReader.read(text, substitution, errors);
    if (root == null) {
      errors.throwIfAny(file.toString());
    }
    for (ConfigOverride override : overrides) {
      override.applyTo(root, substitution, errors);
    }
    Section sections = new Section("", root, SECTIONS, errors);
    YamlNode.Mapping kafkaNode = sections.mapping("kafka");
    Map<String, String> kafka = KafkaProperties.read("kafka", kafkaNode, errors);
    if (!kafkaNode.entries().containsKey(KafkaProperties.BOOTSTRAP)) {
      errors.add(
          null, "kafka." + KafkaProperties.BOOTSTRAP, "is missing, needed: such as broker:9092");
    }
    RegistryConfig registry = registry(sections.mapping("registry"));
    Map<String, String> spark = spark(sections.mapping("spark"));
    Map<String, String> hadoop = sections.properties("hadoop");
    Map<String, StreamConfig> streams = streams(sections.mapping("streams"));
    errors.throwIfAny(file.toString());
    MillraceConfig config = new MillraceConfig(kafka, registry, spark, hadoop, streams);
    return new LoadedConfig(file, config, EffectiveConfig.yaml(config, SecretPaths.of(root)));
  }

  private RegistryConfig registry(YamlNode.Mapping mapping) {
    Map<String, String> properties = Section.properties("registry", mapping, errors);
    String url = properties.remove("url");
    if (!mapping.entries().containsKey("url")) {
      errors.add(
          null,
          "registry.url",
          "is missing, needed: such as http://registry:8081"
              + Suggestion.text("url", properties.keySet()));
    } else if (url != null && !url.matches("https?://.+")) {
      YamlNode.Scalar scalar = (YamlNode.Scalar) mapping.entries().get("url");
      errors.badValue(scalar, "registry.url", "an address such as http://registry:8081");
    }
    return new RegistryConfig(url == null ? "" : url.replaceAll("/+$", ""), properties);
  }

  private Map<String, String> spark(YamlNode.Mapping mapping) {
    Map<String, String> properties = Section.properties("spark", mapping, errors);
    for (String name : properties.keySet()) {
      if (!name.startsWith("spark.")) {
        errors.add(
            mapping.entries().get(name).origin(),
            "spark." + name,
            "is no Spark property, whose names begin with spark.; did you mean spark.%s in the section"
                    .formatted(name)
                + " spark (--set spark.spark.%s=...)?".formatted(name));
      }
    }
    return properties;
  }

  private Map<String, StreamConfig> streams(YamlNode.Mapping mapping) {
    Map<String, StreamConfig> streams = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, node) -> {
              if (node instanceof YamlNode.Mapping stream) {
                StreamSection.read(name, stream, paths, errors)
                    .ifPresent(read -> streams.put(name, read));
              } else {
                errors.add(
                    node.origin(), "streams." + name, "needed: keys such as topic and table");
              }
            });
    TablePaths.refuseShared(streams.values(), errors);
    return streams;
  }
}
