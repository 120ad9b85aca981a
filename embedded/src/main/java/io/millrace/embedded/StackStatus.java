package io.millrace.embedded;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What runs over a directory.
 *
 * @param running empty where no supervisor runs; all else is then false and empty
 * @param brokerAnswers whether the broker has joined its cluster and answers
 * @param registryAnswers whether the registry answers
 * @param topics how many topics there are, without Kafka's and the registry's own; empty where the
 *     broker does not answer
 */
public record StackStatus(
    Optional<StackState> running,
    boolean brokerAnswers,
    boolean registryAnswers,
    OptionalInt topics) {}
