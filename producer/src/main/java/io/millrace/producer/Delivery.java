package io.millrace.producer;

import io.millrace.core.manifest.AckJournal;
import io.millrace.core.manifest.PayloadHash;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * One thread's way into Kafka: sends, and keeps account of what the broker says. Used by one
 * thread; the account may be read by others, the rest when that thread has ended.
 */
final class Delivery {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final Account account;
  private final Failures failures;
  private final boolean hashing;
  private final Callback plain = new Acknowledge(0);
  private Instant lastSend;
  private boolean complete;
  private final AtomicLong sent = new AtomicLong();

  Delivery(
      Producer<byte[], byte[]> producer,
      String topic,
      int partitions,
      Failures failures,
      boolean hashing,
      Optional<AckJournal.Writer> journal) {
    this.producer = producer;
    this.topic = topic;
    this.account = new Account(partitions, journal);
    this.failures = failures;
    this.hashing = hashing;
  }

  /**
   * Hands a record to the Kafka client; blocks while its buffer is full.
   *
   * @param key may be null
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of it
  void send(int partition, long timestampMillis, byte[] key, byte[] value) {
    Callback callback = hashing ? new Acknowledge(PayloadHash.of(value, 0, value.length)) : plain;
    sent.setRelease(sent.getPlain() + 1);
    try {
      producer.send(new ProducerRecord<>(topic, partition, timestampMillis, key, value), callback);
    } catch (KafkaException e) {
      failed(partition, e);
    }
  }

  private void failed(int partition, Exception cause) {
    failures.add(topic, partition, cause);
    if (partition >= 0) {
      account.unknown(partition);
    }
  }

  /**
   * Waits until every record is acknowledged or has failed; to be called once, as the last.
   *
   * @param now the moment of the last send
   * @param complete whether all that was to be sent has been sent
   */
  void finish(Instant now, boolean complete) {
    this.lastSend = now;
    this.complete = complete;
    producer.flush();
  }

  /** Null before {@link #finish} and where nothing was sent. */
  Instant lastSend() {
    return sent() == 0 ? null : lastSend;
  }

  boolean complete() {
    return complete;
  }

  long sent() {
    return sent.getAcquire();
  }

  Account account() {
    return account;
  }

  /** Without a manifest one serves all records; with one, each record has its own for its hash. */
  private final class Acknowledge implements Callback {
    private final long hash;

    Acknowledge(long hash) {
      this.hash = hash;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception exception) {
      if (exception != null) {
        failed(metadata == null ? -1 : metadata.partition(), exception);
      } else {
        account.acknowledged(
            metadata.partition(), metadata.offset(), metadata.serializedValueSize(), hash);
      }
    }
  }
}
