package io.millrace.ingest.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollSizesTest {
  @ParameterizedTest
  @CsvSource({"0, 2000", "185, 2000", "10000, 128", "3000000, 1"})
  void aPollBringsFewerOfLargeRecords(double bytesPerRecord, int records) {
    assertThat(PollSizes.maxPollRecords(bytesPerRecord)).isEqualTo(records);
  }
}
