/** {@code millrace dlq}: a stream's dead letters, to look at and to deal with. */
package io.millrace.cli.dlq;
