package io.millrace.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.manifest.Manifest;
import io.millrace.core.manifest.PayloadHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromisedRecordsTest {
  private static byte[] value(long offset) {
    return ("value " + offset).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Manifest account(int partition, long first, long last) {
    long hash = 0;
    for (long offset = first; offset <= last; offset++) {
      hash += PayloadHash.of(value(offset), 0, value(offset).length);
    }
    return new Manifest(
        Manifest.FORMAT,
        "t",
        "id",
        List.of(Manifest.Entry.of(partition, last - first + 1, 0, first, last, hash)));
  }

  private static PromisedRecords promised() {
    return new PromisedRecords(List.of(account(0, 0, 9), account(0, 15, 19), account(1, 3, 3)));
  }

  @Test
  void findsAllAmongRecordsThatNobodyWasPromised() {
    PromisedRecords promised = promised();
    for (long offset = 0; offset < 30; offset++) {
      promised.found(0, offset, value(offset));
      promised.found(1, offset, value(offset));
      promised.found(2, offset, value(offset));
    }

    assertThat(promised.acknowledged()).isEqualTo(16);
    assertThat(promised.missing()).isZero();
  }

  @Test
  void countsWhatIsMissingAtTheEndAndInTheMiddle() {
    PromisedRecords promised = promised();
    for (long offset = 0; offset < 18; offset++) {
      if (offset != 4) {
        promised.found(0, offset, value(offset));
      }
    }

    assertThat(promised.missing()).isEqualTo(1 + 2 + 1);
  }

  @Test
  void seesOtherRecordsInTheirPlace() {
    PromisedRecords promised = promised();
    for (long offset = 0; offset < 20; offset++) {
      promised.found(0, offset, value(offset == 16 ? 99 : offset));
    }
    promised.found(1, 3, value(3));

    assertThat(promised.missing()).isEqualTo(5);
  }
}
