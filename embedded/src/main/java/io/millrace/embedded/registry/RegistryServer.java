package io.millrace.embedded.registry;

import io.javalin.Javalin;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.util.Map;

/**
 * A schema registry for Avro that speaks Confluent's REST API and keeps its state in the topic
 * {@code _schemas} of a broker, as Confluent's does. It must be the only one over that topic.
 */
public final class RegistryServer implements AutoCloseable {
  private final Javalin http;

  private RegistryServer(Javalin http) {
    this.http = http;
  }

  /** The topic that must exist before {@link #start}: one partition, these settings. */
  public static String topicName() {
    return SchemasTopic.NAME;
  }

  /** Settings of the topic {@link #topicName}. */
  public static Map<String, String> topicSettings() {
    return SchemasTopic.SETTINGS;
  }

  /**
   * Reads the state back and returns when the registry answers.
   *
   * @param host the address to listen on
   * @param port the port to listen on, 1 to 65,535
   * @throws MillraceException where the topic can't be read or the port is taken
   */
  public static RegistryServer start(String bootstrapServers, String host, int port) {
    SchemasTopic topic = new SchemasTopic(bootstrapServers);
    try {
      SchemaStore store = new SchemaStore();
      Registry registry = new Registry(store, topic);
      registry.load();
      RegistryRoutes routes = new RegistryRoutes(store, registry);
      Javalin http =
          Javalin.create(
              config -> {
                config.startup.showJavalinBanner = false;
                config.http.prefer405over404 = true;
                routes.addTo(config.routes);
              });
      http.start(host, port);
      return new RegistryServer(http);
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) {
      throw failed(host, port, e);
    }
  }

  @Override
  public void close() {
    http.stop();
  }

  private static MillraceException failed(String host, int port, RuntimeException e) {
    return new MillraceException(
        ExitCode.UNREACHABLE,
        "the schema registry can't start on " + host + ":" + port,
        String.valueOf(e.getMessage()),
        "Check that the port is free and the broker answers",
        e);
  }
}
