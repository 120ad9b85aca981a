/** Which offsets a batch takes and which task takes them: pure decisions over plain values. */
package io.millrace.ingest.plan;
