package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LogCleanupTest {
  @Test
  void onlyChecksumsOfVersionsThatAreGoneAreOrphans() {
    assertThat(orphans("01.crc", "02.crc", "03.checkpoint.parquet", "03.crc", "03.json", "04.crc"))
        .containsExactlyElementsOf(paths("01.crc", "02.crc"));
    assertThat(orphans("01.crc", "02.crc", "02.json", "03.crc", "03.json"))
        .containsExactlyElementsOf(paths("01.crc"));
    assertThat(orphans("01.crc", "01.json")).isEmpty();
    assertThat(orphans("01.crc", "02.crc")).as("nothing to go by").isEmpty();
    assertThat(orphans()).isEmpty();
  }

  private static List<String> orphans(String... names) {
    return LogCleanup.orphans(paths(names).iterator());
  }

  private static List<String> paths(String... names) {
    return Stream.of(names).map(name -> "file:/t/_delta_log/" + "0".repeat(18) + name).toList();
  }
}
