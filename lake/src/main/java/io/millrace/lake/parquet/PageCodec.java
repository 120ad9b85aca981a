package io.millrace.lake.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.millrace.core.config.Compression;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** Compresses pages. Holds native memory until it is closed; one thread. */
abstract class PageCodec implements AutoCloseable {
  /** Fast and small enough: what Spark and Delta users pay for with level 1, too. */
  private static final int ZSTD_LEVEL = 1;

  static PageCodec of(Compression compression) {
    return switch (compression) {
      case ZSTD -> new ZstdPages();
      case SNAPPY -> new SnappyPages();
      case NONE -> new PlainPages();
    };
  }

  abstract CompressionCodecName name();

  /**
   * Whether what it writes needs no checksum in the page header. Zstandard's own is faster here
   * than the JDK's CRC-32, and every reader checks it.
   */
  boolean hasChecksum() {
    return false;
  }

  /** The compressed bytes, in an array of their exact length. */
  abstract byte[] compress(byte[] bytes, int offset, int length) throws IOException;

  @Override
  public void close() {}

  private static final class ZstdPages extends PageCodec {
    private final ZstdCompressCtx context =
        new ZstdCompressCtx().setLevel(ZSTD_LEVEL).setChecksum(true);
    private byte[] target = {};

    @Override
    CompressionCodecName name() {
      return CompressionCodecName.ZSTD;
    }

    @Override
    boolean hasChecksum() {
      return true;
    }

    @Override
    byte[] compress(byte[] bytes, int offset, int length) {
      int bound = Math.toIntExact(Zstd.compressBound(length));
      if (target.length < bound) {
        target = new byte[bound];
      }
      int size = context.compressByteArray(target, 0, target.length, bytes, offset, length);
      return Arrays.copyOf(target, size);
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class SnappyPages extends PageCodec {
    private byte[] target = {};

    @Override
    CompressionCodecName name() {
      return CompressionCodecName.SNAPPY;
    }

    @Override
    byte[] compress(byte[] bytes, int offset, int length) throws IOException {
      int bound = Snappy.maxCompressedLength(length);
      if (target.length < bound) {
        target = new byte[bound];
      }
      return Arrays.copyOf(target, Snappy.compress(bytes, offset, length, target, 0));
    }
  }

  private static final class PlainPages extends PageCodec {
    @Override
    CompressionCodecName name() {
      return CompressionCodecName.UNCOMPRESSED;
    }

    @Override
    byte[] compress(byte[] bytes, int offset, int length) {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }
  }
}
