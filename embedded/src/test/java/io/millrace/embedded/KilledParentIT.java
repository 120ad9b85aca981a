package io.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledParentIT {
  @Test
  void brokerEndsWithAParentThatIsKilledAndTheDirectoryCanBeUsedAgainAtOnce(@TempDir Path directory)
      throws Exception {
    // Given a process with a stack
    ProcessBuilder builder =
        new ProcessBuilder(
                ChildJvm.javaCommand(), StackHolder.class.getName(), directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("CLASSPATH", ChildJvm.classPath());
    Process parent = builder.start();
    String[] said = lineOf(parent, "broker ").split(" ", -1);
    ProcessHandle broker = ProcessHandle.of(Long.parseLong(said[1])).orElseThrow();

    // When it is killed
    parent.destroyForcibly().waitFor();

    // Then the broker ends by itself, cleanly, and a new stack waits for that
    try (LocalStack stack = LocalStack.start(directory)) {
      assertThat(broker.onExit().get(60, TimeUnit.SECONDS).isAlive()).isFalse();
      assertThat(stack.bootstrapServers()).isEqualTo(said[2]);
    }
  }

  /** The first line that begins so; what a logger prints before is passed over. */
  private static String lineOf(Process process, String beginning) throws Exception {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new AssertionError("the process ended with " + process.waitFor());
  }
}
