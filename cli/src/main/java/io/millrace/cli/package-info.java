/**
 * The command line: one class a verb, each a thin delegation over the module that does the work.
 * {@link io.millrace.cli.Main} is the entry point; {@link io.millrace.cli.Subcommand} lets other
 * modules add verbs.
 */
package io.millrace.cli;
