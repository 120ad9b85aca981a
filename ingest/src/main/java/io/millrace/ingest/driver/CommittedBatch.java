package io.millrace.ingest.driver;

/**
 * One commit that took something from the topic.
 *
 * @param sequence of the ledger
 * @param version of the table
 * @param rows records that became rows
 * @param nulls records with a null value, skipped
 * @param deadLetters records that can't be rows
 * @param filtered records that the stream's SQL filtered out
 * @param bytes bytes of the values
 * @param files data files
 * @param fileBytes bytes of these
 * @param lag offsets that were there at the trigger and are not in the table after this batch
 * @param triggerMillis when the batch was triggered, milliseconds since the epoch by a clock that
 *     goes on evenly; so are the next two
 * @param tasksDoneMillis when its tasks had ended
 * @param committedMillis when the version was there
 * @param taskMillis time the tasks took, summed
 */
public record CommittedBatch(
    String stream,
    long sequence,
    long version,
    long rows,
    long nulls,
    long deadLetters,
    long filtered,
    long bytes,
    int files,
    long fileBytes,
    long lag,
    long triggerMillis,
    long tasksDoneMillis,
    long committedMillis,
    long taskMillis) {}
