package io.millrace.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.embedded.LocalStack;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests and answers as Confluent documents them (docs.confluent.io, Schema Registry API usage
 * examples and reference), byte for byte. The methods are one story in order: ids count up.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegistryRestIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** MD5 of {@code "string"}, quotes included. */
  private static final String GUID = "095d71cf-1255-6b9d-5e33-0ad575b3df5d";

  @TempDir private static Path directory;
  private static LocalStack stack;
  private static String url;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(directory);
    url = stack.registryUrl();
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  @Order(1)
  void registersAndFinds() throws Exception {
    String byId = "{\"guid\":\"" + GUID + "\",\"schema\":\"\\\"string\\\"\"";
    String string = "{\"schema\": \"{\\\"type\\\": \\\"string\\\"}\"}";

    post("/subjects/Kafka-key/versions", string, 200, "{\"id\":1,\"guid\":\"" + GUID + "\"}");
    post("/subjects/Kafka-value/versions", string, 200, "{\"id\":1,\"guid\":\"" + GUID + "\"}");
    get("/subjects", 200, "[\"Kafka-key\",\"Kafka-value\"]");
    get("/subjects?subjectPrefix=Kafka-v", 200, "[\"Kafka-value\"]");
    get("/schemas/ids/1", 200, byId + "}");
    get("/schemas/guids/" + GUID, 200, byId + "}");
    get("/schemas/ids/1?fetchMaxId=true", 200, byId + ",\"maxId\":1}");
    get("/schemas/ids/1/schema", 200, "\"string\"");
    get("/schemas/ids/1/subjects", 200, "[\"Kafka-key\",\"Kafka-value\"]");
    get("/schemas/types", 200, "[\"AVRO\"]");
    get("/subjects/Kafka-value/versions", 200, "[1]");
    String version =
        "{\"subject\":\"Kafka-value\",\"version\":1,\"id\":1," + byId.substring(1) + "}";
    get("/subjects/Kafka-value/versions/1", 200, version);
    get("/subjects/Kafka-value/versions/latest", 200, version);
    get("/subjects/Kafka-value/versions/-1", 200, version);
    get("/subjects/Kafka-value/versions/latest/schema", 200, "\"string\"");
    post("/subjects/Kafka-value", string, 200, version);
    get("/schemas?subjectPrefix=Kafka-value&latestOnly=true", 200, "[" + version + "]");
  }

  @Test
  @Order(2)
  void answersMistakesWithConfluentsNumbers() throws Exception {
    get(
        "/subjects/none/versions",
        404,
        "{\"error_code\":40401,\"message\":\"Subject 'none' not found.\"}");
    get(
        "/subjects/Kafka-value/versions/7",
        404,
        "{\"error_code\":40402,\"message\":\"Version 7 not found.\"}");
    get(
        "/schemas/guids/00000000-0000-0000-0000-000000000070",
        404,
        "{\"error_code\":40403,\"message\":\"Schema 00000000-0000-0000-0000-000000000070 not found\"}");
    get("/schemas/ids/70", 404, "{\"error_code\":40403,\"message\":\"Schema 70 not found\"}");
    get(
        "/subjects/Kafka-value/versions/first",
        422,
        "{\"error_code\":42202,\"message\":\"The specified version 'first' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \\\"latest\\\"\"}");
    get("/associations/topic", 404, "{\"error_code\":404,\"message\":\"HTTP 404 Not Found\"}");
    send(
        "PUT",
        "/subjects",
        "{}",
        405,
        "{\"error_code\":405,\"message\":\"HTTP 405 Method Not Allowed\"}");
    post(
        "/subjects/Kafka-value/versions",
        "{\"schema\":\"\"}",
        422,
        "{\"error_code\":42201,\"message\":\"Empty schema\"}");
    post(
        "/subjects/Kafka-value/versions",
        "{\"schema\":\"\\\"string\\\"\",\"ruleSet\":{}}",
        422,
        "{\"error_code\":422,\"message\":\"Unrecognized field: ruleSet\"}");
    assertThat(request("POST", "/subjects/x/versions", "{").statusCode()).isEqualTo(400);
    assertThat(code("POST", "/subjects/x/versions", "{\"schema\":\"{\\\"type\\\":\\\"odd\\\"}\"}"))
        .isEqualTo(42201);
    assertThat(
            code("POST", "/subjects/x/versions", "{\"schema\":\"{}\",\"schemaType\":\"PROTOBUF\"}"))
        .isEqualTo(42201);
    assertThat(code("POST", "/subjects/Kafka-value/versions", "{\"schema\":\"\\\"long\\\"\"}"))
        .isEqualTo(409);
  }

  @Test
  @Order(3)
  void checksCompatibilityAndKeepsLevels() throws Exception {
    String next = "{\"schema\":\"\\\"long\\\"\"}";
    post(
        "/compatibility/subjects/Kafka-value/versions/latest",
        next,
        200,
        "{\"is_compatible\":false}");
    assertThat(
            JSON.readTree(
                    request(
                            "POST",
                            "/compatibility/subjects/Kafka-value/versions?verbose=true",
                            next)
                        .body())
                .path("messages")
                .path(0)
                .asText())
        .contains("TYPE_MISMATCH");
    get("/config", 200, "{\"compatibilityLevel\":\"BACKWARD\"}");
    get(
        "/config/Kafka-value",
        404,
        "{\"error_code\":40408,\"message\":\"Subject 'Kafka-value' does not have subject-level compatibility configured\"}");
    get("/config/Kafka-value?defaultToGlobal=true", 200, "{\"compatibilityLevel\":\"BACKWARD\"}");
    send(
        "PUT",
        "/config/Kafka-value",
        "{\"compatibility\":\"NONE\"}",
        200,
        "{\"compatibility\":\"NONE\"}");
    post(
        "/compatibility/subjects/Kafka-value/versions/latest",
        next,
        200,
        "{\"is_compatible\":true}");
    post(
        "/subjects/Kafka-value/versions",
        next,
        200,
        "{\"id\":2,\"guid\":\"e1dd9a1e-f98b-451b-5369-0370b393966b\"}");
    get("/config/Kafka-value", 200, "{\"compatibilityLevel\":\"NONE\"}");
    send(
        "PUT",
        "/config",
        "{\"compatibility\":\"BOTH\"}",
        422,
        "{\"error_code\":42203,\"message\":\"Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive\"}");
    get("/mode", 200, "{\"mode\":\"READWRITE\"}");
    assertThat(code("PUT", "/mode", "{\"mode\":\"OPEN\"}")).isEqualTo(42204);
  }

  @Test
  @Order(4)
  void deletesSoftlyAndForGoodAndAnotherOneReadsTheSameState() throws Exception {
    assertThat(code("DELETE", "/subjects/Kafka-key?permanent=true", "")).isEqualTo(40405);
    send("DELETE", "/subjects/Kafka-key", "", 200, "[1]");
    assertThat(code("DELETE", "/subjects/Kafka-key", "")).isEqualTo(40404);
    get("/subjects", 200, "[\"Kafka-value\"]");
    get("/subjects?deletedOnly=true", 200, "[\"Kafka-key\"]");
    send("DELETE", "/subjects/Kafka-key?permanent=true", "", 200, "[1]");
    send("DELETE", "/subjects/Kafka-value/versions/2", "", 200, "2");
    send("DELETE", "/subjects/Kafka-value/versions/2?permanent=true", "", 200, "2");
    get("/subjects?deleted=true", 200, "[\"Kafka-value\"]");
    assertThat(code("GET", "/schemas/guids/e1dd9a1e-f98b-451b-5369-0370b393966b", ""))
        .isEqualTo(40403);
    get("/schemas/ids/2", 404, "{\"error_code\":40403,\"message\":\"Schema 2 not found\"}");

    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RegistryServer another =
        RegistryServer.start(stack.bootstrapServers(), LocalStack.LOOPBACK, port)) {
      assertThat(another).isNotNull();
      for (String path :
          List.of(
              "/schemas?deleted=true",
              "/config/Kafka-value",
              "/schemas/ids/1/versions",
              "/schemas/ids/2")) {
        String there = "http://" + LocalStack.LOOPBACK + ":" + port + path;
        assertThat(
                HTTP.send(
                        HttpRequest.newBuilder(URI.create(there)).build(), BodyHandlers.ofString())
                    .body())
            .isEqualTo(request("GET", path, "").body());
      }
    }
  }

  @Test
  @Order(5)
  void givesOneIdToOneSchemaHoweverManyAskAtOnce() throws Exception {
    List<Thread> clients = new ArrayList<>();
    List<String> answers = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      String path = "/subjects/at-once-" + i + "/versions";
      Thread client =
          new Thread(
              () -> {
                try {
                  answers.add(
                      request("POST", path, "{\"schema\":\"{\\\"type\\\":\\\"bytes\\\"}\"}")
                          .body());
                } catch (Exception e) {
                  answers.add(e.toString());
                }
              });
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }

    assertThat(answers)
        .hasSize(8)
        .containsOnly("{\"id\":3,\"guid\":\"b462f06c-b909-be57-c850-08867784cde6\"}");
  }

  @Test
  @Order(6)
  void keepsItsStateInConfluentsTopic() throws Exception {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", stack.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition("_schemas", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<String> records = new ArrayList<>();
      while (records.size() < 5) {
        consumer
            .poll(Duration.ofSeconds(1))
            .forEach(record -> records.add(record.key() + " " + record.value()));
      }

      assertThat(records)
          .startsWith(
              "{\"keytype\":\"SCHEMA\",\"subject\":\"Kafka-key\",\"version\":1,\"magic\":1} {\"subject\":\"Kafka-key\",\"version\":1,\"id\":1,\"schema\":\"\\\"string\\\"\",\"deleted\":false}",
              "{\"keytype\":\"SCHEMA\",\"subject\":\"Kafka-value\",\"version\":1,\"magic\":1} {\"subject\":\"Kafka-value\",\"version\":1,\"id\":1,\"schema\":\"\\\"string\\\"\",\"deleted\":false}",
              "{\"keytype\":\"CONFIG\",\"subject\":\"Kafka-value\",\"magic\":0} {\"compatibilityLevel\":\"NONE\"}")
          .contains(
              "{\"keytype\":\"DELETE_SUBJECT\",\"subject\":\"Kafka-key\",\"magic\":0} {\"subject\":\"Kafka-key\",\"version\":1}");
    }
  }

  private static void get(String path, int status, String body) throws Exception {
    send("GET", path, "", status, body);
  }

  private static void post(String path, String request, int status, String body) throws Exception {
    send("POST", path, request, status, body);
  }

  private static void send(String method, String path, String request, int status, String body)
      throws Exception {
    HttpResponse<String> response = request(method, path, request);
    assertThat(response.body()).as(method + " " + path).isEqualTo(body);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/vnd.schemaregistry.v1+json");
  }

  private static int code(String method, String path, String request) throws Exception {
    HttpResponse<String> response = request(method, path, request);
    int code = JSON.readTree(response.body()).path("error_code").asInt();
    assertThat(response.statusCode()).isEqualTo(code < 1_000 ? code : code / 100);
    return code;
  }

  private static HttpResponse<String> request(String method, String path, String body)
      throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create(url + path))
            .method(
                method,
                body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(body, StandardCharsets.UTF_8))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .build(),
        BodyHandlers.ofString());
  }
}
