package io.millrace.cli;

import java.util.concurrent.Callable;

/**
 * A verb that another module adds: a class with picocli's {@code @Command}, found through {@link
 * java.util.ServiceLoader}, which returns the exit code.
 */
public interface Subcommand extends Callable<Integer> {}
