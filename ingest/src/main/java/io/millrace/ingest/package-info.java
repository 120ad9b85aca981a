/** To be described. */
package io.millrace.ingest;
