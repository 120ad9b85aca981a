package io.millrace.producer;

import io.millrace.producer.generate.Draft;
import io.millrace.producer.generate.KeyText;
import io.millrace.producer.generate.RecordGenerator;
import java.util.concurrent.atomic.AtomicLong;

/** One thread's part of a run: takes blocks of the plan, makes their records and sends them. */
final class GeneratorWorker implements Runnable {
  /** So many records share one look at the clock when sending as fast as possible. */
  private static final int CLOCK_EVERY = 128;

  private final RecordGenerator generator;
  private final Draft draft;
  private final KeyText key;
  private final Plan plan;
  private final AtomicLong turns;
  private final Metronome metronome;
  private final Delivery delivery;

  /**
   * @param key null: no key
   * @param turns shared by the workers of a run
   */
  GeneratorWorker(
      RecordGenerator generator,
      Draft draft,
      KeyText key,
      Plan plan,
      AtomicLong turns,
      Metronome metronome,
      Delivery delivery) {
    this.generator = generator;
    this.draft = draft;
    this.key = key;
    this.plan = plan;
    this.turns = turns;
    this.metronome = metronome;
    this.delivery = delivery;
  }

  @Override
  public void run() {
    try {
      boolean goOn = true;
      while (goOn) {
        long first = plan.first(turns.getAndIncrement());
        goOn = first < plan.end() && send(first, plan.after(first));
      }
    } finally {
      delivery.finish(metronome.now(), !metronome.isStopped());
    }
  }

  /** False where the run is to end. */
  private boolean send(long first, long after) {
    int blockPartition = plan.partition(first);
    long record = first;
    while (record < after) {
      long upTo = metronome.awaitDue(record, Math.min(after, record + CLOCK_EVERY));
      if (upTo <= record) {
        return false;
      }
      for (; record < upTo; record++) {
        // A send can block for max.block.ms: nothing may follow one that failed.
        if (metronome.isStopped()) {
          return false;
        }
        generator.generate(draft, record);
        long timestamp = metronome.timestamp(record);
        if (key == null) {
          delivery.send(blockPartition, timestamp, null, draft.copy());
        } else {
          byte[] keyBytes = key.of(draft);
          delivery.send(plan.partition(record, keyBytes), timestamp, keyBytes, draft.copy());
        }
      }
    }
    return true;
  }
}
