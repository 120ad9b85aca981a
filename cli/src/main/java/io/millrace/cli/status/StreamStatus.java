package io.millrace.cli.status;

import io.millrace.cli.TopicPositions;
import io.millrace.core.config.MillraceConfig;
import io.millrace.core.config.StreamConfig;
import io.millrace.core.error.MillraceException;
import io.millrace.lake.history.LedgerHistory;
import io.millrace.lake.history.LedgerVersion;
import io.millrace.lake.ledger.Ledger;
import io.millrace.lake.ledger.PartitionEntry;
import io.millrace.lake.state.StreamState;
import io.millrace.lake.state.StreamState.Doing;
import io.millrace.lake.state.StreamStateFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;

/**
 * How one stream is doing: what its ingest said last, what its table holds, and how far that is
 * behind Kafka.
 *
 * @param position the table's latest version of the stream; empty where nothing was ingested yet
 * @param lag offsets that Kafka has and the table has not; empty where it can't be told
 * @param lagUnknown why it can't be told; null where it can
 * @param gone whether the process that said so last is of this machine and there no more
 */
record StreamStatus(
    StreamConfig stream,
    Optional<StreamState> state,
    Optional<LedgerVersion> position,
    OptionalLong lag,
    String lagUnknown,
    boolean gone) {

  /** So that an absent broker is told soon. */
  private static final String MOST_MILLIS_FOR_AN_ANSWER = "5000";

  static StreamStatus of(MillraceConfig config, StreamConfig stream) {
    Optional<LedgerVersion> position =
        LedgerHistory.open(stream.table(), config.hadoop(), stream.name())
            .flatMap(history -> history.at(history.latest()));
    Optional<StreamState> state =
        StreamStateFile.read(config.hadoop(), stream.table(), stream.name());
    OptionalLong lag = OptionalLong.empty();
    String unknown = null;
    try {
      lag = OptionalLong.of(lag(config, stream, position.map(LedgerVersion::ledger)));
    } catch (KafkaException | MillraceException e) {
      unknown = e.getMessage();
    }
    return new StreamStatus(
        stream, state, position, lag, unknown, state.filter(StreamStatus::isGone).isPresent());
  }

  private static long lag(MillraceConfig config, StreamConfig stream, Optional<Ledger> ledger) {
    Map<String, String> kafka = new HashMap<>(config.kafkaFor(stream));
    kafka.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, MOST_MILLIS_FOR_AN_ANSWER);
    kafka.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, MOST_MILLIS_FOR_AN_ANSWER);
    long behind = 0;
    for (Map.Entry<Integer, Long> end :
        new TopicPositions(stream.topic(), kafka).ends().entrySet()) {
      PartitionEntry taken = ledger.map(l -> l.partitions().get(end.getKey())).orElse(null);
      behind += taken == null ? end.getValue() : Math.max(0, end.getValue() - taken.next());
    }
    return behind;
  }

  private static boolean isGone(StreamState state) {
    return state.doing() != Doing.STOPPED
        && state.host().equals(thisHost())
        && ProcessHandle.of(state.process()).filter(ProcessHandle::isAlive).isEmpty();
  }

  private static String thisHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }

  /** Whether nobody needs to look after it: it runs, or it ended as it was asked to. */
  boolean isWell() {
    return !gone
        && state.isPresent()
        && state.get().exitCode() == 0
        && state.get().doing() != Doing.FAILING
        && state.get().waiting().isEmpty();
  }

  String toText() {
    StringBuilder text = new StringBuilder("stream %s%n".formatted(stream.name()));
    line(text, "state", doing());
    state.map(StreamState::cause).ifPresent(cause -> line(text, "cause", cause));
    state.ifPresent(s -> s.waiting().forEach(waits -> line(text, "waiting", waits)));
    line(text, "topic", stream.topic() + ", " + behind());
    line(
        text,
        "table",
        stream.table()
            + ", "
            + position.map(StreamStatus::commit).orElse("nothing was ingested yet"));
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String value) {
    text.append("  %-8s %s%n".formatted(what, value));
  }

  private String doing() {
    if (state.isEmpty()) {
      return "unknown: it never ran, or could not note how it is doing";
    }
    StreamState said = state.get();
    String where = "process %d on %s".formatted(said.process(), said.host());
    if (gone) {
      return "GONE: %s ended without a word, it ran since %s".formatted(where, said.since());
    }
    String failed =
        said.failures() == 0
            ? ""
            : ", failed %d times since its last commit".formatted(said.failures());
    return switch (said.doing()) {
      case RUNNING -> "running since %s, %s%s".formatted(said.since(), where, failed);
      case FAILING ->
          "FAILING since %s, is started again; %s%s".formatted(said.since(), where, failed);
      case STOPPED ->
          said.exitCode() == 0
              ? "ended at %s".formatted(said.since())
              : "STOPPED at %s with exit code %d".formatted(said.since(), said.exitCode());
    };
  }

  private String behind() {
    return lag.isPresent()
        ? "%,d offsets not in the table".formatted(lag.getAsLong())
        : "lag unknown: " + lagUnknown;
  }

  private static String commit(LedgerVersion at) {
    Instant time = Instant.ofEpochMilli(at.millis());
    return "version %d, committed at %s (%s ago)"
        .formatted(at.version(), time, ago(Duration.between(time, Instant.now())));
  }

  private static String ago(Duration age) {
    if (age.compareTo(Duration.ofMinutes(2)) < 0) {
      return age.toSeconds() + " s";
    }
    return age.compareTo(Duration.ofHours(2)) < 0 ? age.toMinutes() + " min" : age.toHours() + " h";
  }
}
