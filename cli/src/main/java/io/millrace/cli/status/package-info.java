/** {@code millrace status}: what runs, and how it is doing. */
package io.millrace.cli.status;
