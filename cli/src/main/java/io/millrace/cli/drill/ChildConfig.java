package io.millrace.cli.drill;

import io.millrace.cli.StackConfigFile;
import io.millrace.embedded.LocalStack;
import io.millrace.lake.fault.FaultyFileSystem;
import io.millrace.lake.fault.FaultyLogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The config of a drill's ingest and producer. It is the drill's own, but that the network leads
 * through proxies and the storage is one that fails, each only where faults in it were asked for.
 *
 * @param file the config
 * @param storageFaults what is wrong with the storage
 */
record ChildConfig(Path file, Path storageFaults) {
  private static final String STORAGE =
      """
      hadoop:
        fs.file.impl: %s
        io.delta.kernel.logStore.file.impl: %s
      """
          .formatted(FaultyFileSystem.class.getName(), FaultyLogStore.class.getName());

  static ChildConfig write(DrillOptions options, DrillNetwork network, LocalStack stack)
      throws IOException {
    String text = Files.readString(StackConfigFile.in(options.directory()));
    if (has(options, Fault.Of.NETWORK)) {
      text =
          text.replace(stack.bootstrapServers(), network.broker().address())
              .replace(stack.registryUrl(), "http://" + network.registry().address());
    }
    if (has(options, Fault.Of.STORAGE)) {
      text += STORAGE;
    }
    Path file = options.directory().resolve("children.yaml");
    Files.writeString(file, text);
    return new ChildConfig(file, options.directory().resolve("storage-faults"));
  }

  private static boolean has(DrillOptions options, Fault.Of of) {
    return options.faults().stream().anyMatch(fault -> fault.of() == of);
  }
}
