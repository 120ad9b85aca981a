package io.millrace.producer;

import org.apache.kafka.common.utils.Utils;

/**
 * Which records of a job a process sends, and to which partition those without a key go. The job is
 * cut into blocks of neighbouring records. The shards take the blocks in turns, and block after
 * block goes to partition after partition, so that a partition's batch fills quickly. All of it
 * depends on the job and the number of partitions only, not on threads or shards.
 */
final class Plan {
  /**
   * About what fits into one batch: larger blocks pay no more, smaller ones spread batches thin.
   */
  private static final int MOST_IN_BLOCK = 2048;

  /** So many times a short job goes around all partitions. */
  private static final int ROUNDS = 4;

  /** With a rate, a block is at most what is due in 1/100 s. */
  private static final int BLOCKS_PER_SECOND = 100;

  /** Files are small beside generated jobs. */
  private static final int FILE_BLOCK = 64;

  private final long records;
  private final int partitions;
  private final Shard shard;
  private final int blockSize;

  private Plan(long records, int partitions, Shard shard, long blockSize) {
    this.records = records;
    this.partitions = partitions;
    this.shard = shard;
    this.blockSize = (int) Math.max(1, blockSize);
  }

  /**
   * The plan of a generating job.
   *
   * @param records of the job as a whole; -1: no limit
   * @param rate records per second; 0: none is set
   */
  static Plan ofGenerated(long records, long rate, int partitions, Shard shard) {
    long end = records < 0 ? Long.MAX_VALUE : records;
    long size = Math.min(MOST_IN_BLOCK, end / ((long) partitions * ROUNDS));
    if (rate > 0) {
      size = Math.min(size, rate / BLOCKS_PER_SECOND);
    }
    return new Plan(end, partitions, shard, size);
  }

  /**
   * The plan of a job that reads a file, whose length is known at its end only.
   *
   * @param records to read at most; -1: no limit
   */
  static Plan ofFile(long records, int partitions, Shard shard) {
    return new Plan(records < 0 ? Long.MAX_VALUE : records, partitions, shard, FILE_BLOCK);
  }

  /**
   * First record of this shard's block number {@code turn}; {@link #end()} or more: there is none.
   */
  long first(long turn) {
    long block = turn * shard.count() + shard.number() - 1;
    return block > end() / blockSize ? end() : block * blockSize;
  }

  /** Record after the last of the block that starts with {@code first}. */
  long after(long first) {
    return first + Math.min(blockSize, end() - first);
  }

  /** Record after the last of the job. */
  long end() {
    return records;
  }

  boolean isMine(long record) {
    return record / blockSize % shard.count() == shard.number() - 1;
  }

  /** Where a record without a key goes. */
  int partition(long record) {
    return (int) (record / blockSize % partitions);
  }

  /**
   * Where a record goes.
   *
   * @param key null: it has none; else the partition is that of Kafka's default partitioner
   */
  int partition(long record, byte[] key) {
    return key == null ? partition(record) : Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** How many records this shard has; -1: no limit. */
  long total() {
    if (records == Long.MAX_VALUE) {
      return -1;
    }
    long round = (long) blockSize * shard.count();
    long rest = records % round - (long) blockSize * (shard.number() - 1);
    return records / round * blockSize + Math.min(blockSize, Math.max(0, rest));
  }
}
