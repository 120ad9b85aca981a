/** {@code millrace schema}: the schemas of a topic, and what a new one would change. */
package io.millrace.cli.schema;
