package io.millrace.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
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
  private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();

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
  }

  @Override
  public Schema byId(int id) {
    Schema known = byId.get(id);
    if (known != null) {
      return known;
    }
    String what = "schema id " + id;
    JsonNode body = required(http.get("/schemas/ids/" + id), what);
    Schema schema = schema(body, what);
    byId.put(id, schema);
    return schema;
  }

  @Override
  public Registered latest(String subject) {
    String what = "subject '" + subject + "'";
    JsonNode body = required(http.get("/subjects/" + encoded(subject) + "/versions/latest"), what);
    return new Registered(
        subject, body.path("version").asInt(), body.path("id").asInt(), schema(body, what));
  }

  @Override
  public int register(String subject, Schema schema) {
    JsonNode request = JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
    RegistryHttp.Answer answer = http.post("/subjects/" + encoded(subject) + "/versions", request);
    JsonNode id = answer.body().path("id");
    if (answer.ok() && id.isInt()) {
      return id.asInt();
    }
    requireAccess(answer);
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
    byId.clear();
  }

  private JsonNode required(RegistryHttp.Answer answer, String what) {
    if (answer.ok() && answer.body().has("schema")) {
      return answer.body();
    }
    requireAccess(answer);
    if (answer.status() == 404 && answer.isRegistrys()) {
      throw new UnknownSchemaException(
          what + " is not in the schema registry at " + http.address(),
          answer.message(),
          "Register it, or correct the name or the registry's url",
          null);
    }
    throw new MillraceException(
        ExitCode.USAGE,
        "the server at " + http.address() + " gives no answer of a schema registry",
        what + " was asked for: " + answer.message(),
        "Correct the registry's url");
  }

  private void requireAccess(RegistryHttp.Answer answer) {
    if (answer.status() == 401 || answer.status() == 403) {
      throw new MillraceException(
          ExitCode.USAGE,
          "the schema registry at " + http.address() + " refuses access",
          answer.message(),
          "Set basic.auth.user.info to a user and password that it accepts");
    }
  }

  private Schema schema(JsonNode body, String what) {
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw new UnknownSchemaException(
          what + " is no Avro schema", "its type is " + type, "Millrace reads Avro only", null);
    }
    try {
      Map<String, Schema> references = new LinkedHashMap<>();
      addReferences(body, references);
      return parse(body, references);
    } catch (AvroRuntimeException e) {
      throw new UnknownSchemaException(
          what + " can't be read",
          String.valueOf(e.getMessage()),
          "Correct the schema in the registry at " + http.address(),
          e);
    }
  }

  /** Adds all types that the schema uses and other subjects define. */
  private void addReferences(JsonNode body, Map<String, Schema> known) {
    for (JsonNode reference : body.path("references")) {
      if (!known.containsKey(reference.path("name").asText())) {
        String subject = reference.path("subject").asText();
        int version = reference.path("version").asInt();
        JsonNode referenced =
            required(
                // A deleted version still defines what others refer to.
                http.get(
                    "/subjects/" + encoded(subject) + "/versions/" + version + "?deleted=true"),
                "subject '" + subject + "' version " + version);
        addReferences(referenced, known);
        Schema.Parser parser = parser(known);
        parser.parse(referenced.path("schema").asText());
        known.putAll(parser.getTypes());
      }
    }
  }

  private static Schema parse(JsonNode body, Map<String, Schema> references) {
    return parser(references).parse(body.path("schema").asText());
  }

  /** As lenient with defaults as the registry was: what it holds must be readable. */
  private static Schema.Parser parser(Map<String, Schema> known) {
    return new Schema.Parser().setValidateDefaults(false).addTypes(known.values());
  }

  private static String encoded(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
