package io.millrace.core.avro;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextRepairTest {
  /** Where the rules of UTF-8 change. */
  private static final int[] EDGES = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
  };

  @Test
  void isWhatJavaMakesOfTheText() {
    TextRepair repair = new TextRepair();
    Random random = new Random(21);
    for (int i = 0; i < 300_000; i++) {
      byte[] text = new byte[random.nextInt(9)];
      for (int k = 0; k < text.length; k++) {
        text[k] = (byte) EDGES[random.nextInt(EDGES.length)];
      }
      int length = repair.repair(text, 0, text.length);
      assertThat(Arrays.copyOf(repair.bytes(), length))
          .as("%s", Arrays.toString(text))
          .isEqualTo(new String(text, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }
  }
}
