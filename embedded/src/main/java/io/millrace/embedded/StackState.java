package io.millrace.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a running {@link Supervisor} tells about itself, in the file {@code stack.json} of its
 * directory.
 *
 * @param pid process id of the supervisor
 * @param startedAt when that process started, by the operating system; tells it from a later
 *     process with the same id
 * @param brokerPid process id of the broker
 * @param bootstrapServers such as {@code 127.0.0.1:29092}
 * @param registryUrl such as {@code http://127.0.0.1:28081}
 */
public record StackState(
    long pid, Instant startedAt, long brokerPid, String bootstrapServers, String registryUrl) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Linux tells start times relative to a boot time that clock corrections move; an id comes round
   * again much later than this.
   */
  private static final Duration CLOCK_CORRECTION = Duration.ofSeconds(2);

  /** The state of a stack in this process. */
  static StackState of(LocalStack stack) {
    ProcessHandle self = ProcessHandle.current();
    return new StackState(
        self.pid(),
        startOf(self),
        stack.brokerPid(),
        stack.bootstrapServers(),
        stack.registryUrl());
  }

  static Path file(Path directory) {
    return directory.resolve("stack.json");
  }

  /** Empty where there is no file, or none that a supervisor has written. */
  static Optional<StackState> read(Path directory) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file(directory)));
      return Optional.of(
          new StackState(
              json.path("pid").asLong(),
              Instant.parse(json.path("startedAt").asText()),
              json.path("brokerPid").asLong(),
              json.path("bootstrapServers").asText(),
              json.path("registryUrl").asText()));
    } catch (IOException | java.time.DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Readers see the file before or after, never half of it. */
  void write(Path directory) throws IOException {
    Path next = directory.resolve("stack.json.new");
    Files.write(
        next,
        JSON.writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(
                JSON.createObjectNode()
                    .put("pid", pid)
                    .put("startedAt", startedAt.toString())
                    .put("brokerPid", brokerPid)
                    .put("bootstrapServers", bootstrapServers)
                    .put("registryUrl", registryUrl)));
    Files.move(
        next, file(directory), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The supervisor's process; empty where it has ended, even if its id is another's now. */
  Optional<ProcessHandle> process() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                Duration.between(startedAt, startOf(process)).abs().compareTo(CLOCK_CORRECTION)
                    <= 0);
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
