package io.millrace.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why the background process did not start, handed to the command that started it in a file. */
record StartError(ExitCode exitCode, String problem, String reason, String remedy) {
  private static final Logger log = LoggerFactory.getLogger(StartError.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  static StartError of(MillraceException e) {
    return new StartError(e.exitCode(), e.problem(), e.reason(), e.remedy());
  }

  MillraceException toException() {
    return new MillraceException(exitCode, problem, reason, remedy);
  }

  static Path file(Path root) {
    return root.resolve("logs").resolve("start-error.json");
  }

  static Optional<StartError> read(Path root) {
    try {
      JsonNode json = JSON.readTree(Files.readAllBytes(file(root)));
      return Optional.of(
          new StartError(
              ExitCode.valueOf(json.path("exitCode").asText()),
              json.path("problem").asText(),
              json.path("reason").asText(),
              json.path("remedy").asText()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void write(Path root) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("exitCode", exitCode.name())
            .put("problem", problem)
            .put("reason", reason)
            .put("remedy", remedy);
    try {
      Files.write(file(root), JSON.writeValueAsBytes(json));
    } catch (IOException e) {
      log.atError().setCause(e).log("the reason for the failed start can't be handed over");
    }
  }
}
