package io.millrace.cli.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void aDumpPointsAtItsByte() {
    byte[] bytes = "0123456789abcdefXY".getBytes(StandardCharsets.US_ASCII);

    assertThat(Printable.dump(bytes, 17, "  ").lines())
        .containsExactly(
            "  00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  |0123456789abcdef|",
            "  00000010  58 59                                            |XY|",
            "               ^^ byte 17");
    assertThat(Printable.dump(bytes, -1, "").lines()).hasSize(2);
    assertThat(Printable.dump(bytes, 0, "").lines().toList().get(1))
        .isEqualTo(" ".repeat(10) + "^^ byte 0");
  }

  @Test
  void aDumpPointsBehindTheLastByte() {
    assertThat(Printable.dump(new byte[] {1}, 1, "").lines())
        .containsExactly(
            "00000000  01" + " ".repeat(47) + "|.|",
            " ".repeat(13) + "^^ byte 1, where the bytes end");
    assertThat(Printable.dump(new byte[16], 16, "").lines().toList().get(1))
        .isEqualTo(" ".repeat(58) + "^^ byte 16, where the bytes end");
    assertThat(Printable.dump(new byte[0], 0, "").lines()).hasSize(2);
  }

  @Test
  void nothingOfARecordReachesTheTerminalAsAControl() {
    assertThat(Printable.line("a\u001b[31m\nb\u202e")).isEqualTo("a.[31m.b.");
    assertThat(Printable.value("text".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"text\"");
    assertThat(Printable.value(new byte[] {27, 91})).isEqualTo("0x1b5b");
    assertThat(Printable.value(new byte[] {(byte) 0xff})).isEqualTo("0xff");
    assertThat(Printable.value(null)).isEqualTo("null");
  }
}
