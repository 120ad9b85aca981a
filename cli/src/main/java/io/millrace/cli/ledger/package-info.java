/** The verbs {@code ledger} and {@code asof}: what a table has taken of its topic, and when. */
package io.millrace.cli.ledger;
