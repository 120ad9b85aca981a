package io.millrace.lake.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.embedded.LocalStack;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierIT {
  private static LocalStack stack;

  @TempDir Path directory;

  @BeforeAll
  static void start(@TempDir Path kafka) {
    stack = LocalStack.start(kafka);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void everythingThereIsProven() throws Exception {
    TestStream stream = new TestStream(stack, directory, 4);
    stream.produce(0, 30);
    stream.produceTransaction(1, 5, true);
    stream.produceTransaction(1, 5, false);
    stream.produceNull(0);
    stream.ingest();
    stream.produce(0, 7);
    stream.produceTransaction(1, 1, true);
    stream.produce(2, 3);
    stream.ingest();

    VerifyReport report = stream.verify(VerifyOptions.Values.WITH_MANIFEST, stream.manifest());

    assertThat(report.toText()).contains("proven");
    assertThat(report.ok()).isTrue();
    assertThat(report.exitCode().code()).isZero();
    StreamReport checked = report.streams().get(0);
    assertThat(checked.rows()).isEqualTo(46);
    assertThat(checked.delivered()).isEqualTo(47);
    assertThat(checked.nulls()).isEqualTo(1);
    assertThat(checked.valuesCompared()).isEqualTo(46);
    assertThat(checked.acknowledged()).isEqualTo(47);
    assertThat(checked.ledgerVersions()).isEqualTo(2);
    assertThat(checked.partitions()).hasSize(4);
  }
}
