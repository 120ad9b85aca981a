package io.millrace.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellWordTest {
  @Test
  void quotesWhatAShellWouldRead() {
    assertThat(ShellWord.of("/tmp/grün/a-b_c.1")).isEqualTo("/tmp/grün/a-b_c.1");
    assertThat(ShellWord.of("/tmp/my data")).isEqualTo("'/tmp/my data'");
    assertThat(ShellWord.of("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(ShellWord.of("~x")).isEqualTo("'~x'");
    assertThat(ShellWord.of("")).isEqualTo("''");
  }
}
