package io.millrace.ingest.task;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryBudgetTest {
  private static final long MIB = 1L << 20;

  @ParameterizedTest
  @CsvSource({"1536, 2", "1536, 4", "1536, 16", "512, 2", "8192, 8", "65536, 32"})
  void tasksTogetherLeaveAThirdOfTheHeap(long heapMiB, int tasks) {
    MemoryBudget budget = MemoryBudget.of(heapMiB * MIB, tasks);

    long each =
        budget.fetchBytes()
            + budget.columnBytes()
            + budget.writerBytes()
            + budget.deadLetterBytes();
    assertThat(each * tasks).isLessThan(heapMiB * MIB * 2 / 3);
  }

  @Test
  void windowsGetNarrowerForLargeRecords() {
    MemoryBudget budget = MemoryBudget.of(1536 * MIB, 2);

    assertThat(budget.window(MIB, 185)).isEqualTo(96);
    assertThat(budget.window(MIB, 10 * MIB)).isEqualTo(9);
    assertThat(budget.window(MIB, 1000 * MIB)).isEqualTo(1);
  }
}
