package io.millrace.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.delta.kernel.exceptions.KernelEngineException;
import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;

class LakeErrorsTest {
  @Test
  void theInnermostCauseIsTold() {
    MillraceException error =
        LakeErrors.storage(
            "The table file:/t can't be written",
            new KernelEngineException(
                "Write file actions", new IOException("No space left on device\nand more")));

    assertThat(error.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(error.reason()).isEqualTo("IOException: No space left on device");
    assertThat(error.remedy()).contains("Free space");
  }

  @Test
  void aMissingRightIsToldFromAMissingServer() {
    assertThat(LakeErrors.storage("x", new AccessDeniedException("/t")).remedy())
        .contains("the right to write");
    assertThat(LakeErrors.storage("x", new IOException("connection refused")).remedy())
        .contains("is up");
  }

  @Test
  void onlyStorageIsTriedAgain() {
    assertThat(LakeErrors.isStorage(new IllegalStateException(new IOException("reset")))).isTrue();
    assertThat(LakeErrors.isStorage(new IllegalStateException("a bug"))).isFalse();
  }

  @Test
  void brokenContentIsNoFailureOfTheStorage() {
    JsonProcessingException broken = new JsonParseException(null, "Unexpected end\nat somewhere");
    KernelEngineException failure = new KernelEngineException("Reading JSON files", broken);

    assertThat(LakeErrors.isStorage(failure)).isFalse();
    assertThat(LakeErrors.damage(failure))
        .contains("a file of its log holds broken JSON: Unexpected end");
    assertThat(LakeErrors.damage(new IOException("reset"))).isEmpty();
  }
}
