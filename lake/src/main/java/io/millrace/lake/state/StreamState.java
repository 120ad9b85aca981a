package io.millrace.lake.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * How a stream's ingest is doing, as it said last. For people: nothing is decided by it, and a
 * process that was killed could not say so.
 *
 * @param format version of this layout, 1
 * @param stream name of the stream
 * @param doing what it does
 * @param since since when, ISO 8601
 * @param host where it runs
 * @param process its id there
 * @param failures how often it has failed since its last committed batch
 * @param exitCode what it ended with; 0 while it runs
 * @param cause the failure that it waits after or ended with; null without one
 * @param waiting partitions that wait for a record's schema while the others go on, a sentence each
 */
public record StreamState(
    int format,
    String stream,
    Doing doing,
    String since,
    String host,
    long process,
    int failures,
    int exitCode,
    String cause,
    List<String> waiting) {
  public static final int FORMAT = 1;

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** What a stream can be doing. */
  public enum Doing {
    /** It takes what comes. */
    RUNNING,
    /** It failed, and waits before it is started again. */
    FAILING,
    /** It has ended. */
    STOPPED
  }

  public StreamState {
    waiting = waiting == null ? List.of() : List.copyOf(waiting);
  }

  byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws IOException where it is no such JSON
   */
  static StreamState fromJson(byte[] json) throws IOException {
    return JSON.readValue(json, StreamState.class);
  }
}
