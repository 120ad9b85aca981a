package io.millrace.core.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;

/**
 * What people ask a registry about its subjects, by Confluent's REST API; {@link SchemaRegistry} is
 * what records need. Errors are those of {@link SchemaRegistry}.
 */
public final class RegistrySubjects {
  private static final int SUBJECT_NOT_FOUND = 40401;

  private final RegistryHttp http;
  private final RegistryAnswers answers;

  /** Does not connect yet; throws {@code USAGE} where the settings are wrong. */
  public RegistrySubjects(RegistryConfig config) {
    this(
        new RegistryHttp(
            RegistryClientSettings.of(config),
            new Random(),
            (Duration time) -> Thread.sleep(time.toMillis())));
  }

  RegistrySubjects(RegistryHttp http) {
    this.http = http;
    this.answers = new RegistryAnswers(http);
  }

  /** All that are not deleted, in the alphabet's order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    array(http.get("/subjects"), "the list of subjects").forEach(name -> names.add(name.asText()));
    return names.stream().sorted().toList();
  }

  /** The versions that are not deleted, oldest first; empty where there is no such subject. */
  public List<Integer> versions(String subject) {
    RegistryHttp.Answer answer = http.get(RegistryAnswers.subject(subject) + "/versions");
    if (answer.errorCode() == SUBJECT_NOT_FOUND) {
      return List.of();
    }
    List<Integer> versions = new ArrayList<>();
    array(answer, what(subject)).forEach(version -> versions.add(version.asInt()));
    return versions.stream().sorted().toList();
  }

  /** One version that is not deleted. */
  public StoredSchema version(String subject, int version) {
    return version(subject, String.valueOf(version), what(subject) + " version " + version);
  }

  /** The latest version. */
  public StoredSchema latest(String subject) {
    return version(subject, "latest", what(subject));
  }

  private StoredSchema version(String subject, String version, String what) {
    RegistryHttp.Answer answer =
        http.get(RegistryAnswers.subject(subject) + "/versions/" + version);
    return RegistryAnswers.stored(subject, answers.required(answer, what, "schema"));
  }

  /** The schema of a version; throws {@code USAGE} where it is no Avro schema. */
  public Schema parse(StoredSchema stored) {
    return answers.parse(
        stored.type(), stored.schema(), what(stored.subject()) + " version " + stored.version());
  }

  /** The types that references give, with which a schema that uses them can be parsed. */
  public ReferencedTypes types() {
    return answers.types();
  }

  /** The level that counts for a subject, its own or the registry's, such as BACKWARD. */
  public String level(String subject) {
    String config = "/config/" + RegistryAnswers.encoded(subject) + "?defaultToGlobal=true";
    RegistryHttp.Answer answer = http.get(config);
    if (answer.status() == 404 && answer.isRegistrys()) {
      // A registry that does not know defaultToGlobal says that the subject has no level.
      answer = http.get("/config");
    }
    return answers
        .required(answer, "the compatibility level", "compatibilityLevel")
        .path("compatibilityLevel")
        .asText();
  }

  /** Whether the schema may follow this one version, by the subject's level. */
  public Compatible compatible(String subject, int version, SchemaText schema) {
    String path = "/compatibility" + RegistryAnswers.subject(subject) + "/versions/" + version;
    RegistryHttp.Answer answer = http.post(path + "?verbose=true", RegistryAnswers.request(schema));
    requireValid(answer, subject);
    JsonNode body =
        answers.required(answer, what(subject) + " version " + version, "is_compatible");
    List<String> messages = new ArrayList<>();
    body.path("messages").forEach(message -> messages.add(message.asText()));
    return new Compatible(body.path("is_compatible").asBoolean(), messages);
  }

  /**
   * Registers a schema, or finds it where it already is.
   *
   * @throws MillraceException {@code ANSWER_IS_NO} where it does not fit the earlier versions
   */
  public StoredSchema register(String subject, SchemaText schema) {
    RegistryHttp.Answer answer =
        http.post(RegistryAnswers.subject(subject) + "/versions", RegistryAnswers.request(schema));
    if (answer.status() == 409) {
      throw new MillraceException(
          ExitCode.ANSWER_IS_NO,
          "the schema is refused under subject '" + subject + "'",
          answer.message(),
          "Change it so that it fits the earlier versions (`millrace schema check` says which), or"
              + " the subject's compatibility level");
    }
    requireValid(answer, subject);
    int id = answers.required(answer, what(subject), "id").path("id").asInt();
    return find(subject, schema)
        .map(found -> new StoredSchema(subject, found.version(), id, found.type(), found.schema()))
        .orElseThrow(
            () ->
                new MillraceException(
                    ExitCode.UNREACHABLE,
                    "the schema was registered under subject '" + subject + "' and is not there",
                    "the registry gave it the id " + id + " and does not find it again",
                    "Run it again; if it stays so, check the registry's replicas"));
  }

  /** The version under a subject that holds this schema, if one does. */
  public Optional<StoredSchema> find(String subject, SchemaText schema) {
    RegistryHttp.Answer answer =
        http.post(RegistryAnswers.subject(subject), RegistryAnswers.request(schema));
    if (answer.status() == 404 && answer.isRegistrys()) {
      return Optional.empty();
    }
    requireValid(answer, subject);
    return Optional.of(
        RegistryAnswers.stored(subject, answers.required(answer, what(subject), "version")));
  }

  private void requireValid(RegistryHttp.Answer answer, String subject) {
    if (answer.status() == 422) {
      throw new MillraceException(
          ExitCode.USAGE,
          "the registry does not take the schema for subject '" + subject + "'",
          answer.message(),
          "Correct the schema or its references");
    }
  }

  private Iterable<JsonNode> array(RegistryHttp.Answer answer, String what) {
    if (!answer.ok() || !answer.body().isArray()) {
      throw answers.failure(answer, what);
    }
    return answer.body();
  }

  private static String what(String subject) {
    return "subject '" + subject + "'";
  }
}
