package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.config.RegistryConfig;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import io.millrace.core.manifest.Manifest;
import io.millrace.core.process.StopSignal;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.wire.WireFormat;
import io.millrace.embedded.LocalStack;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducerIT {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Schema USER_EVENT = Schemas.load("user_event");
  private static final AtomicInteger TOPICS = new AtomicInteger();

  @TempDir private static Path stackDir;
  private static LocalStack stack;
  private static SchemaRegistry registry;

  @TempDir private Path dir;

  @BeforeAll
  static void start() {
    stack = LocalStack.start(stackDir);
    registry = new RestSchemaRegistry(new RegistryConfig(stack.registryUrl(), Map.of()));
  }

  @AfterAll
  static void stop() {
    registry.close();
    stack.close();
  }

  private static String newTopic() {
    return "produced-" + TOPICS.incrementAndGet();
  }

  private static ProduceJobBuilder job(String topic, Schema schema) {
    return ProduceJob.builder(topic, schema)
        .kafka(Map.of("bootstrap.servers", stack.bootstrapServers()))
        .createPartitions(5)
        .startTime(START);
  }

  private static ProduceResult run(ProduceJob job) {
    return Producer.run(job, registry, ProduceListener.NONE, new StopSignal());
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    return TopicReader.read(stack.bootstrapServers(), topic);
  }

  private static GenericRecord decode(ConsumerRecord<byte[], byte[]> record) throws Exception {
    Schema writer = registry.byId(WireFormat.schemaId(ByteBuffer.wrap(record.value())));
    return new GenericDatumReader<GenericRecord>(writer)
        .read(
            null,
            DecoderFactory.get()
                .binaryDecoder(
                    record.value(),
                    WireFormat.HEADER_BYTES,
                    record.value().length - WireFormat.HEADER_BYTES,
                    null));
  }

  @Test
  void theManifestIsWhatIsInTheTopic() throws Exception {
    String topic = newTopic();
    Path file = dir.resolve("manifest.json");

    ProduceResult result =
        run(job(topic, USER_EVENT).records(30_000).threads(2).manifest(file).build());

    List<ConsumerRecord<byte[], byte[]>> records = read(topic);
    assertThat(result.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(result.acknowledged()).isEqualTo(30_000);
    assertThat(result.failed()).isZero();
    assertThat(result.bytes()).isEqualTo(records.stream().mapToLong(r -> r.value().length).sum());
    assertThat(Manifest.read(file).partitions()).isEqualTo(TopicReader.account(records));
    assertThat(Manifest.read(file).topicId()).isEqualTo(result.topicId());
    assertThat(registry.latest(topic + "-value").id()).isEqualTo(result.schemaId());
    assertThat(decode(records.get(0)).getSchema().getFullName())
        .isEqualTo("io.millrace.events.UserEvent");
  }

  @Test
  void shardsTogetherSendTheWholeJobWhateverTheThreads() {
    List<Manifest> shards = new ArrayList<>();
    String sharded = newTopic();
    for (int number = 1; number <= 3; number++) {
      Path file = dir.resolve("shard" + number);
      run(
          job(sharded, USER_EVENT)
              .records(20_001)
              .seed(9)
              .threads(number)
              .shard(new Shard(number, 3))
              .manifest(file)
              .build());
      shards.add(Manifest.read(file));
    }
    Path file = dir.resolve("whole");
    run(job(newTopic(), USER_EVENT).records(20_001).seed(9).manifest(file).build());

    assertThat(Manifest.merge(shards).partitions()).isEqualTo(Manifest.read(file).partitions());
  }

  @Test
  void theKeyDecidesThePartition() throws Exception {
    String topic = newTopic();

    run(job(topic, USER_EVENT).records(3000).keyField("user_id").build());

    List<ConsumerRecord<byte[], byte[]>> records = read(topic);
    assertThat(records).hasSize(3000);
    for (ConsumerRecord<byte[], byte[]> record : records) {
      assertThat(TopicReader.text(record.key()))
          .isEqualTo(decode(record).get("user_id").toString());
      assertThat(Utils.toPositive(Utils.murmur2(record.key())) % 5).isEqualTo(record.partition());
    }
  }

  @Test
  void atAConstantRateTheTimestampIsTheIntendedSendTime() {
    String topic = newTopic();

    ProduceResult result =
        run(job(topic, USER_EVENT).rate(2000).duration(Duration.ofSeconds(1)).threads(2).build());

    long begin = result.firstSend().toEpochMilli();
    assertThat(result.acknowledged()).isEqualTo(2000);
    assertThat(read(topic).stream().map(r -> r.timestamp() - begin).sorted())
        .containsExactlyElementsOf(
            java.util.stream.LongStream.range(0, 2000).map(i -> i / 2).boxed().toList());
  }

  @Test
  void subjectsFollowTheChosenNaming() {
    String topic = newTopic();

    run(
        job(topic, Schemas.load("click_stream"))
            .records(10)
            .subjectNaming(SubjectNaming.TOPIC_RECORD_NAME)
            .build());

    assertThat(registry.latest(topic + "-io.millrace.events.ClickStream").schema().getName())
        .isEqualTo("ClickStream");
    assertThatThrownBy(() -> registry.latest(topic + "-value"))
        .isInstanceOf(MillraceException.class);
  }

  @Test
  void freshTopicsOfAHundredPartitionsTakeTheirFirstRecordsAtOnce() {
    for (int i = 0; i < 5; i++) {
      String topic = newTopic();
      ProduceJob job =
          job(topic, USER_EVENT)
              .records(10_000)
              .createPartitions(100)
              // A batch that is refused and then out of sequence would expire after this time.
              .kafka(
                  Map.of(
                      "bootstrap.servers",
                      stack.bootstrapServers(),
                      "linger.ms",
                      "0",
                      "request.timeout.ms",
                      "20000",
                      "delivery.timeout.ms",
                      "30000"))
              .build();

      assertThat(run(job).acknowledged()).isEqualTo(10_000);
    }
  }

  @Test
  void linesThatDoNotFitGoToTheDeadLetterTopic() throws Exception {
    String topic = newTopic();
    Path file =
        Files.writeString(
            dir.resolve("events.jsonl"),
            """
            {"timestamp": 1, "user_id": 7, "session_id": "s", "event_type": "e", "page": "p", "referrer": "r", "user_agent": "u"}
            {"timestamp": "never", "user_id": 7, "session_id": "s", "event_type": "e", "page": "p", "referrer": "r", "user_agent": "u"}
            """);
    ProduceJobBuilder builder = job(topic, USER_EVENT).from(file).keyField("user_id");

    ProduceResult strict = run(builder.build());
    ProduceResult tolerant = run(builder.tolerate(1).build());

    assertThat(strict.acknowledged()).isEqualTo(1);
    assertThat(strict.deadLettered()).isEqualTo(1);
    assertThat(strict.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO);
    assertThat(tolerant.exitCode()).isEqualTo(ExitCode.OK);
    List<ConsumerRecord<byte[], byte[]>> records = read(topic);
    assertThat(records).hasSize(2).allMatch(r -> TopicReader.text(r.key()).equals("7"));
    assertThat(decode(records.get(0)).get("page")).hasToString("p");
    List<ConsumerRecord<byte[], byte[]>> dead = read(topic + "-dead-letters");
    assertThat(dead).hasSize(2);
    JsonNode letter = new ObjectMapper().readTree(dead.get(0).value());
    assertThat(letter.get("file").textValue()).isEqualTo(file.toString());
    assertThat(letter.get("line").longValue()).isEqualTo(2);
    assertThat(letter.get("reason").textValue()).contains("timestamp", "never");
    assertThat(letter.get("raw_payload").textValue()).startsWith("{\"timestamp\": \"never\"");
    assertThat(letter.get("topic").textValue()).isEqualTo(topic);
    assertThat(letter.get("partition").isNull()).isTrue();
    assertThat(letter.get("offset").isNull()).isTrue();
    assertThat(letter.get("error").textValue()).isNotEmpty();
    assertThat(Instant.parse(letter.get("timestamp").textValue())).isBefore(Instant.now());
  }

  @Test
  void aStopIsFlushedAndReported() {
    String topic = newTopic();
    StopSignal stop = new StopSignal();
    ProduceListener stopAtFirstAcks =
        progress -> {
          if (progress.acknowledged() > 0) {
            stop.ask();
          }
        };

    ProduceResult result =
        Producer.run(
            job(topic, USER_EVENT).records(1L << 40).build(), registry, stopAtFirstAcks, stop);

    assertThat(result.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(result.acknowledged()).isPositive().isEqualTo(read(topic).size());
  }

  @Test
  void aRecordThatIsTooLargeIsReportedAndNotCounted() {
    String topic = newTopic();
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Large", "fields": [
                  {"name": "f", "type": "bytes", "millrace": {"minLength": 0, "maxLength": 100000}}]}
                """);
    Map<String, String> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", stack.bootstrapServers());
    kafka.put("max.request.size", "50000");

    ProduceResult result = run(job(topic, schema).kafka(kafka).records(100).build());

    assertThat(result.failed()).isPositive();
    assertThat(result.acknowledged() + result.failed()).isEqualTo(100);
    assertThat(result.exitCode()).isEqualTo(ExitCode.ANSWER_IS_NO);
    assertThat(result.failures())
        .allSatisfy(
            f -> {
              assertThat(f.topic()).isEqualTo(topic);
              assertThat(f.cause()).contains("larger than max.request.size");
            });
    assertThat(read(topic)).hasSize((int) result.acknowledged());
  }

  @Test
  void whatCanNotBeginSaysWhy() {
    ProduceJobBuilder unknown = job("unknown", USER_EVENT).createPartitions(0);
    ProduceJobBuilder nowhere = job(newTopic(), USER_EVENT).manifest(dir.resolve("no/manifest"));
    Schema other =
        new Schema.Parser()
            .parse(
                USER_EVENT
                    .toString()
                    .replace("\"user_id\",\"type\":\"long\"", "\"user_id\",\"type\":\"boolean\""));
    String topic = newTopic();
    run(job(topic, USER_EVENT).records(1).build());

    assertFails(unknown.build(), ExitCode.USAGE, "unknown");
    assertFails(nowhere.build(), ExitCode.USAGE, "no/manifest");
    assertFails(job(topic, other).build(), ExitCode.USAGE, topic + "-value");
    assertFails(
        job(topic, USER_EVENT)
            .kafka(Map.of("bootstrap.servers", stack.bootstrapServers(), "linger.ms", "long"))
            .build(),
        ExitCode.USAGE,
        "linger.ms");
  }

  private static void assertFails(ProduceJob job, ExitCode code, String part) {
    assertThatThrownBy(() -> run(job))
        .isInstanceOfSatisfying(
            MillraceException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContaining(part);
  }
}
