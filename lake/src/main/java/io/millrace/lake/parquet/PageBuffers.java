package io.millrace.lake.parquet;

import io.millrace.core.config.Compression;

/**
 * What the columns of one file share: the page being assembled, room for levels, and the codec. One
 * thread.
 */
final class PageBuffers implements AutoCloseable {
  private static final int[] EMPTY = {};

  private final ByteSink page = new ByteSink();
  private final Levels levels = new Levels();
  private int[] widened = EMPTY;
  private final DeltaEncoding delta = new DeltaEncoding();
  private final PageCodec codec;

  PageBuffers(Compression compression) {
    codec = PageCodec.of(compression);
  }

  ByteSink page() {
    return page;
  }

  /** For the levels of nested columns, one column after the other. */
  Levels levels() {
    return levels;
  }

  /** The levels as ints, valid until the next call. */
  int[] widened(short[] values, int count) {
    if (count > widened.length) {
      widened = new int[Math.max(count, ColumnChunk.PAGE_SLOTS)];
    }
    for (int i = 0; i < count; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  DeltaEncoding delta() {
    return delta;
  }

  PageCodec codec() {
    return codec;
  }

  @Override
  public void close() {
    codec.close();
    page.release();
  }
}
