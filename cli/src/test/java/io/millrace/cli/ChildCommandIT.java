package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildCommandIT {
  @TempDir private Path directory;

  private ChildCommand start(String... arguments) {
    return ChildCommand.start("child", "64m", directory.resolve("child.log"), List.of(arguments));
  }

  @Test
  void aChildsErrorIsOursWithItsExitCode() throws Exception {
    try (ChildCommand child = start("verify", "-c", "none.yaml")) {
      child.await();

      assertThatThrownBy(child::requireSuccess)
          .isInstanceOfSatisfying(
              MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
          .hasMessageContainingAll("The child has ended", "none.yaml", "no such file", "child.log");
    }
  }

  @Test
  void aChildThatEndsWellIsASuccess() throws Exception {
    try (ChildCommand child = start("--version")) {
      child.await();

      child.requireSuccess();
    }
  }
}
