package io.millrace.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.wire.SchemaKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * A client of Confluent's REST API. Requests that fail for reasons that may pass are repeated with
 * growing waits, some three seconds in all by default; schemas behind ids are kept for good.
 *
 * <p>Of {@link RegistryConfig#properties} it knows, by Confluent's names: {@code
 * basic.auth.credentials.source} (USER_INFO or URL), {@code basic.auth.user.info}, {@code
 * bearer.auth.token}, {@code http.connect.timeout.ms} (5,000), {@code http.read.timeout.ms}
 * (30,000), {@code max.retries} (5), {@code retries.wait.ms} (100) and {@code retries.max.wait.ms}
 * (2,000). The url may be several ones with commas between.
 */
public final class RestSchemaRegistry implements SchemaRegistry {
  private final RegistryHttp http;
  private final RegistryAnswers answers;
  private final Map<SchemaKey, Schema> byKey = new ConcurrentHashMap<>();

  /** Does not connect yet; throws {@code USAGE} where the settings are wrong. */
  public RestSchemaRegistry(RegistryConfig config) {
    this(
        new RegistryHttp(
            RegistryClientSettings.of(config),
            new Random(),
            (Duration time) -> Thread.sleep(time.toMillis())));
  }

  RestSchemaRegistry(RegistryHttp http) {
    this.http = http;
    this.answers = new RegistryAnswers(http);
  }

  @Override
  public Schema byId(int id) {
    if (id < 0) {
      throw new UnknownSchemaException(
          "schema id " + id + " is not in the schema registry",
          "ids are positive",
          "Look at what wrote the record",
          false,
          null);
    }
    return cached(SchemaKey.ofId(id), "/schemas/ids/");
  }

  @Override
  public Schema byGuid(UUID guid) {
    return cached(SchemaKey.ofGuid(guid), "/schemas/guids/");
  }

  private Schema cached(SchemaKey key, String path) {
    Schema known = byKey.get(key);
    if (known != null) {
      return known;
    }
    String what = key.toString();
    JsonNode body = answers.required(http.get(path + key.text()), what, "schema");
    Schema schema = answers.schema(body, what);
    byKey.put(key, schema);
    return schema;
  }

  @Override
  public Registered latest(String subject) {
    String what = "subject '" + subject + "'";
    JsonNode body =
        answers.required(
            http.get(RegistryAnswers.subject(subject) + "/versions/latest"), what, "schema");
    return new Registered(
        subject, body.path("version").asInt(), body.path("id").asInt(), answers.schema(body, what));
  }

  @Override
  public int register(String subject, Schema schema) {
    SchemaText text = new SchemaText(schema.toString(), List.of());
    RegistryHttp.Answer answer =
        http.post(RegistryAnswers.subject(subject) + "/versions", RegistryAnswers.request(text));
    JsonNode id = answer.body().path("id");
    if (answer.ok() && id.isInt()) {
      return id.asInt();
    }
    answers.requireAccess(answer);
    throw new MillraceException(
        ExitCode.USAGE,
        "schema '" + schema.getFullName() + "' is refused under subject '" + subject + "'",
        answer.message(),
        answer.status() == 409
            ? "Change the schema so that it fits the earlier versions, or the subject's compatibility level"
            : "Correct the schema or the registry's url " + http.address());
  }

  /** Nothing to release: connections end by themselves when they are idle. */
  @Override
  public void close() {
    byKey.clear();
  }
}
