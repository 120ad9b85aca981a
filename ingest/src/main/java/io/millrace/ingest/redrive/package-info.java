/** Dead letters once more: what is still wrong with them, and those that fit by now as rows. */
package io.millrace.ingest.redrive;
