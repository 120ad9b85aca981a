package io.millrace.lake.parquet;

import io.millrace.core.config.Compression;

/** What the columns of one file share: the page being assembled and the codec. One thread. */
final class PageBuffers implements AutoCloseable {
  private final ByteSink page = new ByteSink();
  private final DeltaEncoding delta = new DeltaEncoding();
  private final PageCodec codec;

  PageBuffers(Compression compression) {
    codec = PageCodec.of(compression);
  }

  ByteSink page() {
    return page;
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
