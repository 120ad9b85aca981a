package io.millrace.cli.dlq;

import io.millrace.cli.Errors;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import java.util.Collection;
import java.util.List;

/** The streams that a command is about. */
final class Streams {
  private Streams() {}

  /** The one of that name, or all where none is named. */
  static Collection<StreamConfig> named(MillraceConfig config, String name) {
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

  /** The one of that name, or the only one. */
  static StreamConfig one(MillraceConfig config, String name) {
    Collection<StreamConfig> streams = named(config, name);
    if (streams.size() != 1) {
      throw Errors.usage(
          "No stream to look at",
          "--stream is not given and the config has " + streams.size() + " streams");
    }
    return streams.iterator().next();
  }
}
