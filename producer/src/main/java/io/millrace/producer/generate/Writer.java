package io.millrace.producer.generate;

/** Writes one random value of its schema; holds no state, so threads share it. */
abstract class Writer {
  abstract void write(Draft draft);
}
