package io.millrace.ingest.model;

import io.millrace.ingest.model.World.LetterTable;
import io.millrace.ingest.model.World.Table;

/** The logs of both tables: each version is created once. Says where an invariant is broken. */
final class Storage {
  private Storage() {}

  static boolean takes(World world, Put put) {
    int version = put.letters() ? world.letters().version() : world.table().version();
    return put.version() == version + 1;
  }

  /** The put in effect. */
  static World apply(World world, Put put) {
    World after = put.letters() ? letters(world, put) : table(world, put);
    return requireAccounts(after);
  }

  /** A dead letter without the stream's commit, as no writer may do. */
  static World addLetters(World world, int offsets) {
    LetterTable now = world.letters();
    requireNone("a dead letter twice", now.offsets() & offsets);
    requireNone("a row and a dead letter", world.table().rows() & offsets);
    return world.with(new LetterTable(now.version() + 1, now.sequence(), now.offsets() | offsets));
  }

  private static World letters(World world, Put put) {
    LetterTable now = world.letters();
    if (put.removes()) {
      return world.with(
          new LetterTable(put.version(), put.through(), now.offsets() & ~put.offsets()));
    }
    requireNone("a dead letter twice", now.offsets() & put.offsets());
    requireNone("a row and a dead letter", world.table().rows() & put.offsets());
    return world.with(new LetterTable(put.version(), put.through(), now.offsets() | put.offsets()));
  }

  private static World table(World world, Put put) {
    Table now = world.table();
    Ledger before = now.ledger();
    Ledger after = put.ledger();
    requireNone("a row twice", now.rows() & put.offsets());
    requireNone("a row and a dead letter", world.letters().offsets() & put.offsets());
    boolean takenBack = after.restoredAt() == after.sequence();
    require(now.restored() == takenBack, "the stream goes on over a RESTORE, or back without one");
    require(takenBack || after.restoredAt() == before.restoredAt(), "the ledger forgets a RESTORE");
    require(!put.otherTopic(), "rows of a topic that was made anew");
    require(after.sequence() == before.sequence() + 1, "a ledger does not follow on the last one");
    require(after.epoch() >= before.epoch(), "the epoch falls");
    require(takenBack ? after.next() == 0 : after.next() >= before.next(), "next is wrong");
    require(
        after.epoch() > before.epoch() || after.writer() == before.writer(),
        "two writers commit under one epoch");
    require(
        !put.again() || after.writer() == before.writer(), "an older writer takes the stream back");
    return world.with(new Table(put.version(), after, now.rows() | put.offsets(), false));
  }

  /** What the ledger counts is there. */
  static World requireAccounts(World world) {
    Table table = world.table();
    if (!table.restored()) {
      int taken = (1 << table.ledger().next()) - 1;
      int letters = world.letters().offsets() | table.ledger().pendingAfter(0);
      requireNone("neither a row nor a dead letter", taken & ~(table.rows() | letters));
      requireNone("a row that the ledger does not count", table.rows() & ~taken);
      if (world.letters().sequence() >= table.ledger().restoredAt()) {
        requireNone(
            "a dead letter that the ledger does not count", world.letters().offsets() & ~taken);
      }
      int open = world.published() | table.ledger().pendingAfter(0);
      requireNone("a dead letter that nobody publishes", taken & ~table.rows() & ~open);
    }
    return world;
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new Violation(otherwise);
    }
  }

  private static void requireNone(String what, int offsets) {
    require(offsets == 0, what + ": offset " + Integer.numberOfTrailingZeros(offsets));
  }
}
