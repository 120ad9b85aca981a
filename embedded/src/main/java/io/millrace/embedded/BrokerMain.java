package io.millrace.embedded;

import io.millrace.core.process.Signals;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * The broker's process: formats the directory where that has not been done, serves until its
 * standard input ends or it gets SIGTERM, then shuts down.
 *
 * <p>Standard input is the leash: the kernel closes the pipe whichever way the parent dies, SIGKILL
 * included, so that no broker outlives its parent.
 */
final class BrokerMain {
  /** A shutdown that takes longer than this is cut short; the next start then recovers the logs. */
  private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(20);

  private BrokerMain() {}

  /**
   * Ends when the broker has.
   *
   * @param args the settings file, the cluster id, the file that is locked as long as this process
   *     lives
   */
  public static void main(String[] args) throws Exception {
    Signals.ignoreTerminal();
    Properties settings = read(Path.of(args[0]));
    try (FileChannel channel = FileChannel.open(Path.of(args[2]), StandardOpenOption.WRITE);
        FileLock alive = channel.lock()) {
      int exitCode = run(settings, args[1]);
      // Not exit(): the hook below would wait for a server that is down already.
      Runtime.getRuntime().halt(alive.isValid() ? exitCode : 1);
    }
  }

  private static int run(Properties settings, String clusterId) {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    startDaemon("parent-watch", () -> awaitEndOfInput(System.in, stop));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop, stopped), "sigterm"));
    try {
      format(settings, clusterId);
      KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
      server.startup();
      stop.await();
      startDaemon("shutdown-limit", BrokerMain::haltAfterLimit);
      server.shutdown();
      server.awaitShutdown();
      return 0;
    } catch (Exception e) {
      // The parent reads the reason from here.
      e.printStackTrace();
      return 1;
    } finally {
      stopped.countDown();
    }
  }

  private static void format(Properties settings, String clusterId) throws Exception {
    new Formatter()
        .setPrintStream(System.err)
        .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
        .setClusterId(clusterId)
        .addDirectory(settings.getProperty("log.dirs"))
        .setMetadataLogDirectory(settings.getProperty("log.dirs"))
        .setControllerListenerName(settings.getProperty("controller.listener.names"))
        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
        .setIgnoreFormatted(true)
        .run();
  }

  private static void awaitEndOfInput(InputStream parent, CountDownLatch stop) {
    try {
      while (parent.read() >= 0) {
        // The parent writes nothing; only the end counts.
      }
    } catch (IOException e) {
      // A broken pipe means the same as its end.
    }
    stop.countDown();
    // Also ends a start that hangs: nothing else watches over it once the parent is gone.
    haltAfterLimit();
  }

  private static void haltAfterLimit() {
    try {
      TimeUnit.MILLISECONDS.sleep(SHUTDOWN_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }

  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      boolean inTime = stopped.await(SHUTDOWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(inTime ? 0 : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void startDaemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader reader =
        new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      properties.load(reader);
    }
    return properties;
  }
}
