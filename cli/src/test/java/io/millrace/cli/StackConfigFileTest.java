package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.config.ConfigLoader;
import io.millrace.core.config.MillraceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackConfigFileTest {
  @TempDir private Path directory;

  private StackConfigFile.Outcome write(int brokerPort, int registryPort) {
    return StackConfigFile.write(
        directory, "127.0.0.1:" + brokerPort, "http://127.0.0.1:" + registryPort);
  }

  @Test
  void writesAConfigThatIsReadyForUse() {
    assertThat(write(1, 2)).isEqualTo(StackConfigFile.Outcome.WRITTEN);

    MillraceConfig config = ConfigLoader.load(StackConfigFile.in(directory)).config();
    assertThat(config.kafka()).containsEntry("bootstrap.servers", "127.0.0.1:1");
    assertThat(config.registry().url()).isEqualTo("http://127.0.0.1:2");
    assertThat(config.streams().get("user-events").table())
        .isEqualTo(directory.resolve("lake/bronze/user_events").toString());
  }

  @Test
  void keepsTheUsersEditsAndChangesAddressesOnly() throws IOException {
    write(1, 2);
    Path file = StackConfigFile.in(directory);
    Files.writeString(file, Files.readString(file) + "    triggerInterval: 7s # mine\n");

    assertThat(write(1, 2)).isEqualTo(StackConfigFile.Outcome.KEPT);
    assertThat(write(3, 4)).isEqualTo(StackConfigFile.Outcome.ADDRESSES_CHANGED);

    assertThat(Files.readString(file))
        .contains("bootstrap.servers: 127.0.0.1:3")
        .contains("url: http://127.0.0.1:4")
        .contains("triggerInterval: 7s # mine");
  }

  @Test
  void leavesAddressesThatTheUserChose() throws IOException {
    write(1, 2);
    Path file = StackConfigFile.in(directory);
    String mine = Files.readString(file).replace("127.0.0.1:1", "broker.example:9092");
    Files.writeString(file, mine.replace("http://127.0.0.1:2", "https://registry.example"));

    assertThat(write(3, 4)).isEqualTo(StackConfigFile.Outcome.KEPT);
  }
}
