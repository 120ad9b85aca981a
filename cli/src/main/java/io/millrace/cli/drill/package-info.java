/** {@code millrace drill}: kills and stalls a system under load, and shows what became of it. */
package io.millrace.cli.drill;
