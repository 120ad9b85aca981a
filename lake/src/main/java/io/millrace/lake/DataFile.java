package io.millrace.lake;

import java.io.Serializable;
import java.util.Map;

/**
 * A finished data file that no commit names yet; what a task sends to the driver.
 *
 * @param path absolute path as Hadoop writes it
 * @param bytes size of the file
 * @param modificationTime milliseconds since the epoch, of the file's last write
 * @param partitionValues Delta partition column to its string form; a null value is a null
 *     partition
 * @param rows rows in the file
 * @param statistics Delta statistics as JSON ({@code numRecords}, {@code minValues}, {@code
 *     maxValues}, {@code nullCount})
 */
public record DataFile(
    String path,
    long bytes,
    long modificationTime,
    Map<String, String> partitionValues,
    long rows,
    String statistics)
    implements Serializable {}
