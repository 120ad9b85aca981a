package io.millrace.cli.schema;

import io.millrace.core.config.KafkaColumns;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.NumberTypes;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.registry.RegistrySubjects;
import io.millrace.core.registry.RestSchemaRegistry;
import io.millrace.core.registry.SchemaRegistry;
import io.millrace.core.registry.StoredSchema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Gathers what a check reports: from the registry, then from the topic. */
final class SchemaCheck {
  private final MillraceConfig config;
  private final Target target;
  private final RegistrySubjects registry;

  SchemaCheck(MillraceConfig config, Target target, RegistrySubjects registry) {
    this.config = config;
    this.target = target;
    this.registry = registry;
  }

  /**
   * @param name of the new schema, for people
   * @param last how many records are sampled; 0 for none
   */
  CheckReport check(String name, ReferenceOptions.FromFile next, boolean latestOnly, long last) {
    String level = registry.level(target.subject());
    List<VersionVerdict> versions = new ArrayList<>();
    Optional<Schema> latest = Optional.empty();
    for (int number : registry.versions(target.subject())) {
      StoredSchema stored = registry.version(target.subject(), number);
      Schema old = registry.parse(stored);
      versions.add(
          VersionVerdict.of(
              number,
              stored.id(),
              old,
              next.schema(),
              registry.compatible(target.subject(), number, next.text())));
      latest = Optional.of(old);
    }
    Collections.reverse(versions);
    KafkaColumns columns = target.stream().map(StreamConfig::columns).orElse(KafkaColumns.DEFAULT);
    NumberTypes numbers = target.stream().map(StreamConfig::numberTypes).orElse(NumberTypes.WIDE);
    TablePreview table = target.key() ? null : table(latest, next.schema(), columns, numbers);
    Sample sample = last == 0 || target.topic().isEmpty() ? null : sample(next.schema(), last);
    return CheckReport.of(name, target, level, latestOnly, versions, table, sample);
  }

  private TablePreview table(
      Optional<Schema> latest, Schema next, KafkaColumns columns, NumberTypes numbers) {
    return target.stream()
        .flatMap(StreamConfig::sql)
        .map(sql -> new SqlPreview(sql, columns, numbers).of(latest, next))
        .orElseGet(() -> TablePreview.of(latest, next, columns, numbers));
  }

  private Sample sample(Schema next, long last) {
    try (SchemaRegistry schemas = new RestSchemaRegistry(config.registry())) {
      return new TopicSample(
              target.topic().orElseThrow(), target.key(), target.kafka(config), System::nanoTime)
          .read(last, new RecordJudge(schemas, next));
    }
  }
}
