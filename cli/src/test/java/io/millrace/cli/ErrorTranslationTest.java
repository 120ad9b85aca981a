package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.error.ExitCode;
import io.millrace.core.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorTranslationTest {
  static Stream<Arguments> leaked() {
    return Stream.of(
        Arguments.of(new TimeoutException("no node"), ExitCode.UNREACHABLE, "Kafka does not"),
        Arguments.of(
            new ExecutionException(new UnknownTopicOrPartitionException("no topic t")),
            ExitCode.USAGE,
            "no topic t"),
        Arguments.of(
            new KafkaException("Failed to construct", new ConfigException("acks", "many")),
            ExitCode.USAGE,
            "acks"),
        Arguments.of(
            new SaslAuthenticationException("wrong password"), ExitCode.USAGE, "wrong password"),
        Arguments.of(new BindException("Address already in use"), ExitCode.UNREACHABLE, "port"),
        Arguments.of(
            new RuntimeException(new ConnectException("Connection refused")),
            ExitCode.UNREACHABLE,
            "Connection refused"),
        Arguments.of(new UnknownHostException("nowhere"), ExitCode.UNREACHABLE, "nowhere"),
        Arguments.of(
            new IOException("No space left on device"), ExitCode.UNREACHABLE, "disk is full"),
        Arguments.of(new AccessDeniedException("/lake"), ExitCode.UNREACHABLE, "/lake"),
        Arguments.of(
            new IOException("Mkdirs failed: Permission denied"),
            ExitCode.UNREACHABLE,
            "owner and mode"),
        Arguments.of(new FileNotFoundException("x.json"), ExitCode.USAGE, "x.json"),
        Arguments.of(new InterruptedException(), ExitCode.INTERRUPTED, "Interrupted"),
        Arguments.of(
            new ExecutionException(new OutOfMemoryError("Java heap space")),
            ExitCode.INTERNAL,
            "MILLRACE_OPTS"),
        Arguments.of(new IllegalStateException("odd"), ExitCode.INTERNAL, "IllegalStateException"));
  }

  @ParameterizedTest
  @MethodSource("leaked")
  void saysInOurWordsWhatLeaked(Throwable thrown, ExitCode code, String part) {
    MillraceException error = ErrorTranslation.translate(thrown);

    assertThat(error.exitCode()).isEqualTo(code);
    assertThat(error.getMessage()).contains(part);
    assertThat(error).hasCause(thrown);
  }

  @Test
  void ourOwnErrorIsFoundBehindWrappers() {
    MillraceException own = new MillraceException(ExitCode.PROTECTED, "p", "r", "m");

    assertThat(ErrorTranslation.translate(new RuntimeException(new ExecutionException(own))))
        .isSameAs(own);
  }

  @Test
  void isOneLineWhateverTheReasonHolds() {
    MillraceException error =
        new MillraceException(ExitCode.INTERNAL, "It broke", "first\n\tsecond", "Mend it");

    assertThat(ErrorPrinter.oneLine(error)).isEqualTo("millrace: It broke: first second. Mend it");
  }
}
