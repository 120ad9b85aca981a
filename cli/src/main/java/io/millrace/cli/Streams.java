package io.millrace.cli;

import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** The streams that a command is about. */
public final class Streams {
  private Streams() {}

  /** The one of that name, or all where none is named. */
  public static Collection<StreamConfig> named(MillraceConfig config, String name) {
    if (name == null) {
      return config.streams().values();
    }
    StreamConfig stream = config.streams().get(name);
    if (stream == null) {
      throw Errors.usage(
          "The option --stream can't be used",
          "the config has no stream %s, it has %s"
              .formatted(name, String.join(", ", config.streams().keySet())));
    }
    return List.of(stream);
  }

  /**
   * Those of that name and that topic; null stands for any.
   *
   * @throws io.millrace.core.error.MillraceException {@code USAGE} where there is none
   */
  public static Collection<StreamConfig> of(MillraceConfig config, String name, String topic) {
    Collection<StreamConfig> named = named(config, name);
    if (topic == null) {
      return named;
    }
    List<StreamConfig> found = named.stream().filter(s -> s.topic().equals(topic)).toList();
    if (found.isEmpty()) {
      throw Errors.usage(
          "The option --topic can't be used",
          "no stream%s reads topic %s, there are the topics %s"
              .formatted(
                  name == null ? "" : " named " + name,
                  topic,
                  String.join(
                      ", ",
                      new TreeSet<>(
                          config.streams().values().stream().map(StreamConfig::topic).toList()))));
    }
    return found;
  }

  /** The one of that name, or the only one. */
  public static StreamConfig one(MillraceConfig config, String name) {
    Collection<StreamConfig> streams = named(config, name);
    if (streams.size() != 1) {
      throw Errors.usage(
          "No stream to look at",
          "--stream is not given and the config has " + streams.size() + " streams");
    }
    return streams.iterator().next();
  }
}
