package io.millrace.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.millrace.core.registry.SchemaText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Confluent's REST API (docs.confluent.io, Schema Registry API reference) over the registry. */
final class RegistryRoutes {
  static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Logger log = LoggerFactory.getLogger(RegistryRoutes.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Registry registry;
  private final Lookups lookups;
  private final SchemaReader reader;
  private final SettingsRoutes settings;

  RegistryRoutes(SchemaStore store, Registry registry) {
    this.registry = registry;
    this.lookups = new Lookups(store);
    this.reader = new SchemaReader(store);
    this.settings = new SettingsRoutes(store, registry);
  }

  void addTo(RoutesConfig routes) {
    routes.get("/", ctx -> answer(ctx, Map.of()));
    subjects(routes);
    schemas(routes);
    routes.post("/compatibility/subjects/{subject}/versions/{version}", this::compatible);
    routes.post("/compatibility/subjects/{subject}/versions", this::compatibleWithAll);
    settings.addTo(routes);
    errors(routes);
  }

  private void subjects(RoutesConfig routes) {
    routes.get(
        "/subjects",
        ctx -> answer(ctx, lookups.subjects(text(ctx, "subjectPrefix", ""), shown(ctx))));
    routes.post("/subjects/{subject}", this::lookUp);
    routes.delete(
        "/subjects/{subject}",
        ctx -> answer(ctx, registry.deleteSubject(subject(ctx), flag(ctx, "permanent"))));
    routes.get(
        "/subjects/{subject}/versions",
        ctx -> answer(ctx, lookups.versions(subject(ctx), shown(ctx))));
    routes.post("/subjects/{subject}/versions", this::register);
    routes.get("/subjects/{subject}/versions/{version}", ctx -> answer(ctx, json(version(ctx))));
    routes.get(
        "/subjects/{subject}/versions/{version}/schema",
        ctx -> answerText(ctx, version(ctx).schema().text()));
    routes.get(
        "/subjects/{subject}/versions/{version}/referencedby",
        ctx -> answer(ctx, lookups.referencedBy(version(ctx))));
    routes.delete("/subjects/{subject}/versions/{version}", this::deleteVersion);
  }

  private void schemas(RoutesConfig routes) {
    routes.get("/schemas", this::listSchemas);
    routes.get("/schemas/types", ctx -> answer(ctx, List.of("AVRO")));
    routes.get("/schemas/ids/{id}", this::schemaById);
    routes.get("/schemas/guids/{guid}", ctx -> answer(ctx, schemaJson(lookups.byGuid(guid(ctx)))));
    routes.get("/schemas/ids/{id}/schema", ctx -> answerText(ctx, lookups.byId(id(ctx)).text()));
    routes.get(
        "/schemas/ids/{id}/subjects",
        ctx ->
            answer(
                ctx,
                lookups.usersOf(id(ctx), shown(ctx)).stream()
                    .map(Version::subject)
                    .distinct()
                    .toList()));
    routes.get(
        "/schemas/ids/{id}/versions",
        ctx ->
            answer(
                ctx,
                lookups.usersOf(id(ctx), shown(ctx)).stream()
                    .map(v -> Map.of("subject", v.subject(), "version", v.version()))
                    .toList()));
  }

  private static void errors(RoutesConfig routes) {
    routes.exception(RegistryError.class, (e, ctx) -> answerError(ctx, e));
    routes.exception(
        HttpResponseException.class,
        (e, ctx) ->
            answerError(
                ctx,
                switch (e.getStatus()) {
                  case 404 -> RegistryError.notFound();
                  case 405 -> RegistryError.methodNotAllowed();
                  default -> RegistryError.badRequest(String.valueOf(e.getMessage()));
                }));
    routes.exception(
        Exception.class,
        (e, ctx) -> {
          log.atError().addKeyValue("path", ctx.path()).setCause(e).log("request failed");
          answerError(ctx, RegistryError.store(String.valueOf(e.getMessage())));
        });
  }

  private void register(Context ctx) {
    int id = registry.register(subject(ctx), SchemaRequest.of(body(ctx)), flag(ctx, "normalize"));
    answer(
        ctx,
        JSON.createObjectNode()
            .put("id", id)
            .put("guid", SchemaGuid.of(lookups.byId(id)).toString()));
  }

  private void lookUp(Context ctx) {
    String subject = subject(ctx);
    Predicate<Version> shown = shown(ctx);
    lookups.requireSubject(subject, shown);
    SchemaReader.Read schema =
        reader.read(subject, SchemaRequest.of(body(ctx)), flag(ctx, "normalize"));
    answer(ctx, json(lookups.find(subject, schema, shown)));
  }

  private void deleteVersion(Context ctx) {
    Version version = lookups.versionOf(subject(ctx), ctx.pathParam("version"), v -> true);
    registry.deleteVersion(version, flag(ctx, "permanent"));
    answer(ctx, version.version());
  }

  private void schemaById(Context ctx) {
    ObjectNode answer = schemaJson(lookups.byId(id(ctx)));
    if (flag(ctx, "fetchMaxId")) {
      answer.put("maxId", lookups.highestId());
    }
    answer(ctx, answer);
  }

  private void listSchemas(Context ctx) {
    ArrayNode answer = JSON.createArrayNode();
    lookups
        .schemas(text(ctx, "subjectPrefix", ""), shown(ctx), flag(ctx, "latestOnly"))
        .forEach(v -> answer.add(json(v)));
    answer(ctx, answer);
  }

  private void compatible(Context ctx) {
    answerCompatible(ctx, lookups.comparedWith(subject(ctx), ctx.pathParam("version")));
  }

  private void compatibleWithAll(Context ctx) {
    answerCompatible(ctx, lookups.live(subject(ctx)));
  }

  private void answerCompatible(Context ctx, List<Version> earlier) {
    String subject = subject(ctx);
    SchemaReader.Read schema =
        reader.read(subject, SchemaRequest.of(body(ctx)), flag(ctx, "normalize"));
    List<String> problems = registry.problems(subject, schema, earlier);
    ObjectNode answer = JSON.createObjectNode().put("is_compatible", problems.isEmpty());
    if (flag(ctx, "verbose")) {
      answer.set("messages", JSON.valueToTree(problems));
    }
    answer(ctx, answer);
  }

  private Version version(Context ctx) {
    return lookups.versionOf(subject(ctx), ctx.pathParam("version"), shown(ctx));
  }

  private static ObjectNode json(Version v) {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("subject", v.subject()).put("version", v.version()).put("id", v.id());
    answer.setAll(schemaJson(v.schema()));
    return v.deleted() ? answer.put("deleted", true) : answer;
  }

  private static ObjectNode schemaJson(SchemaText schema) {
    ObjectNode answer = JSON.createObjectNode().put("guid", SchemaGuid.of(schema).toString());
    if (!schema.references().isEmpty()) {
      answer.set("references", ChangeCodec.references(schema.references()));
    }
    return answer.put("schema", schema.text());
  }

  /** Which versions the request wants to see: by default those that are not deleted. */
  private static Predicate<Version> shown(Context ctx) {
    if (flag(ctx, "deletedOnly")) {
      return Version::deleted;
    }
    return flag(ctx, "deleted") ? v -> true : Version::live;
  }

  private static String subject(Context ctx) {
    return ctx.pathParam("subject");
  }

  private static int id(Context ctx) {
    try {
      return Integer.parseInt(ctx.pathParam("id"));
    } catch (NumberFormatException e) {
      throw RegistryError.notFound();
    }
  }

  private static UUID guid(Context ctx) {
    try {
      return UUID.fromString(ctx.pathParam("guid"));
    } catch (IllegalArgumentException e) {
      throw RegistryError.notFound();
    }
  }

  static boolean flag(Context ctx, String name) {
    return Boolean.parseBoolean(ctx.queryParam(name));
  }

  private static String text(Context ctx, String name, String otherwise) {
    return Optional.ofNullable(ctx.queryParam(name)).orElse(otherwise);
  }

  static JsonNode body(Context ctx) {
    try {
      JsonNode body = JSON.readTree(ctx.bodyAsBytes());
      if (body == null || !body.isObject()) {
        throw RegistryError.badRequest("the body must be a JSON object");
      }
      return body;
    } catch (IOException e) {
      throw RegistryError.badRequest("the body is no JSON: " + e.getMessage());
    }
  }

  static void answer(Context ctx, Object value) {
    try {
      ctx.contentType(CONTENT_TYPE).result(JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw RegistryError.store(e.getMessage());
    }
  }

  private static void answerText(Context ctx, String text) {
    ctx.contentType(CONTENT_TYPE).result(text);
  }

  private static void answerError(Context ctx, RegistryError error) {
    ctx.status(error.httpStatus());
    answer(
        ctx,
        JSON.createObjectNode().put("error_code", error.code()).put("message", error.getMessage()));
  }
}
