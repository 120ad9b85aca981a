package io.millrace.ingest.model;

/**
 * A version that a writer has asked the storage to create. The storage does so at some time, or
 * refuses where the version is there; its writer may hear of it, or not live that long.
 *
 * @param letters whether it is one of the table of dead letters
 * @param ledger null for the table of dead letters
 * @param offsets of rows, or of dead letters
 * @param removes whether these dead letters are taken out
 * @param through for the table of dead letters: the sequence that its transaction goes to
 * @param otherTopic whether one of the rows was read from a topic that was made anew
 * @param again whether its writer had written the stream before it opened
 */
record Put(
    boolean letters,
    int version,
    Ledger ledger,
    int offsets,
    boolean removes,
    int through,
    boolean otherTopic,
    boolean again) {}
