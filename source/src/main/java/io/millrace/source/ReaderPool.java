package io.millrace.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The idle readers of this process, the one used last in front. */
final class ReaderPool {
  static final ReaderPool SHARED = new ReaderPool();

  /** As many as Spark's Kafka source keeps. */
  private static final int MOST_IDLE = 64;

  private record Idle(Map<String, String> kafka, TopicReader reader) {}

  private final Deque<Idle> idle = new ArrayDeque<>();

  private ReaderPool() {}

  /** A reader with these client properties, if possible one that read the partition before. */
  TopicReader take(Map<String, String> kafka, TopicPartition partition) {
    synchronized (this) {
      Idle best = null;
      for (Idle candidate : idle) {
        if (candidate.kafka.equals(kafka)) {
          if (partition.equals(candidate.reader.partition())) {
            best = candidate;
            break;
          }
          best = best == null ? candidate : best;
        }
      }
      if (best != null) {
        remove(best);
        return best.reader;
      }
    }
    return new TopicReader(kafka);
  }

  private void remove(Idle taken) {
    for (Iterator<Idle> i = idle.iterator(); i.hasNext(); ) {
      if (i.next() == taken) {
        i.remove();
        return;
      }
    }
  }

  /** Gives back a reader that ended its task well. */
  void give(Map<String, String> kafka, TopicReader reader) {
    Idle oldest = null;
    synchronized (this) {
      idle.push(new Idle(kafka, reader));
      if (idle.size() > MOST_IDLE) {
        oldest = idle.removeLast();
      }
    }
    if (oldest != null) {
      oldest.reader.close();
    }
  }
}
