package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackDirectoryTest {
  @TempDir private Path temporary;

  @Test
  void remembersClusterAndPorts() {
    StackDirectory.Memory memory;
    try (StackDirectory directory = StackDirectory.open(temporary.resolve("new"))) {
      assertThat(directory.recall().ports()).isEqualTo(StackPorts.UNCHOSEN);
      memory = new StackDirectory.Memory(directory.recall().clusterId(), new StackPorts(1, 2, 3));
      directory.remember(memory);
    }

    try (StackDirectory directory = StackDirectory.open(temporary.resolve("new"))) {
      assertThat(directory.recall()).isEqualTo(memory);
    }
  }

  @Test
  void refusesASecondUser() {
    try (StackDirectory first = StackDirectory.open(temporary)) {
      assertFails(() -> StackDirectory.open(temporary), ExitCode.USAGE, "directory in use");
      assertThat(first.root()).isEqualTo(temporary);
    }
  }

  @Test
  void namesADirectoryThatCanNotBeWrittenTo() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");

    assertFails(
        () -> StackDirectory.open(file.resolve("stack")),
        ExitCode.UNREACHABLE,
        "can't write to the directory " + file.resolve("stack"));
  }

  @Test
  void asksForDiskSpace() {
    long least = StackDirectory.LEAST_FREE_BYTES;

    StackDirectory.requireSpace(temporary, least);

    assertFails(
        () -> StackDirectory.requireSpace(temporary, least - 1),
        ExitCode.UNREACHABLE,
        "not enough disk space in " + temporary,
        "255 MiB are free",
        "256 MiB");
  }

  @Test
  void namesWhatIsWrongInItsFile() throws Exception {
    Files.writeString(temporary.resolve("stack.properties"), "broker.port=many\n");

    try (StackDirectory directory = StackDirectory.open(temporary)) {
      assertFails(directory::recall, ExitCode.USAGE, "stack.properties", "broker.port is 'many'");
    }
  }

  private static void assertFails(Runnable action, ExitCode exitCode, String... parts) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(exitCode))
        .hasMessageContainingAll(parts);
  }
}
