package io.millrace.producer;

import io.millrace.producer.file.DatumEncoder;
import io.millrace.producer.file.FileRecord;
import io.millrace.producer.file.RecordFile;
import io.millrace.producer.generate.KeyText;

/** The worker of a run that sends a file. */
final class FileWorker implements Runnable {
  private final RecordFile file;
  private final DatumEncoder encoder;
  private final KeyText key;
  private final String keyField;
  private final Plan plan;
  private final Metronome metronome;
  private final Delivery delivery;
  private final DeadLetters deadLetters;

  /**
   * @param key null: no key
   * @param keyField null: no key
   */
  FileWorker(
      RecordFile file,
      DatumEncoder encoder,
      KeyText key,
      String keyField,
      Plan plan,
      Metronome metronome,
      Delivery delivery,
      DeadLetters deadLetters) {
    this.file = file;
    this.encoder = encoder;
    this.key = key;
    this.keyField = keyField;
    this.plan = plan;
    this.metronome = metronome;
    this.delivery = delivery;
    this.deadLetters = deadLetters;
  }

  @Override
  public void run() {
    try {
      boolean goOn = true;
      for (long number = 0; goOn && number < plan.end(); number++) {
        FileRecord next = file.next();
        goOn = next != null && (!plan.isMine(number) || send(number, next));
      }
    } finally {
      delivery.finish(metronome.now(), !metronome.isStopped());
    }
  }

  /** False where the run is to end. */
  private boolean send(long number, FileRecord next) {
    if (metronome.awaitDue(number, number + 1) == number) {
      return false;
    }
    if (next.fits()) {
      byte[] keyBytes = key == null ? null : key.of(next.datum().get(keyField));
      delivery.send(
          plan.partition(number, keyBytes),
          metronome.timestamp(number),
          keyBytes,
          encoder.encode(next.datum()));
    } else {
      deadLetters.send(next, metronome.now());
    }
    return true;
  }
}
