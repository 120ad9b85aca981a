package io.millrace.producer;

import org.apache.avro.Schema;

/** The three standard ways to name the subject of a topic's value schema. */
public enum SubjectNaming {
  /** Confluent's TopicNameStrategy, the default: {@code <topic>-value}. */
  TOPIC_NAME,
  /** RecordNameStrategy: the schema's full name. */
  RECORD_NAME,
  /** TopicRecordNameStrategy: {@code <topic>-<full name>}. */
  TOPIC_RECORD_NAME;

  /** The subject for {@code schema} as the value of {@code topic}. */
  public String subject(String topic, Schema schema) {
    return switch (this) {
      case TOPIC_NAME -> topic + "-value";
      case RECORD_NAME -> schema.getFullName();
      case TOPIC_RECORD_NAME -> topic + "-" + schema.getFullName();
    };
  }
}
