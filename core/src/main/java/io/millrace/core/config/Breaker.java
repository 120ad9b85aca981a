package io.millrace.core.config;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a stream stops because of its dead letters: where, within the window, there were more than
 * so many of them and more than such a share of all records. Both, so that one broken record in a
 * quiet topic stops nothing.
 *
 * @param records dead letters, at least 0
 * @param percent of the records that became rows or dead letters, 0 to 100
 * @param window how far back is counted, more than zero
 */
public record Breaker(long records, double percent, Duration window) implements Serializable {}
