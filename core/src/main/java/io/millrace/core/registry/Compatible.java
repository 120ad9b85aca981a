package io.millrace.core.registry;

import java.util.List;

/**
 * Whether a registry takes a schema after an earlier version, by the subject's level.
 *
 * @param messages why not, as the registry says it; may be empty
 */
public record Compatible(boolean yes, List<String> messages) {
  public Compatible {
    messages = List.copyOf(messages);
  }
}
