package io.millrace.producer;

/** A topic that is ready to be sent to. */
record TopicInfo(String name, String id, int partitions) {}
