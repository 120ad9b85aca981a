package io.millrace.ingest.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that two writers of one stream can see, and the writers.
 *
 * @param published offsets whose dead letter the topic of dead letters has, one bit each
 * @param mark sequence up to which they are marked as published
 * @param registered whether the registry has the schema that dead letters miss
 * @param anew whether the topic was made anew
 * @param late puts whose writer waits no more and that may still come into effect
 * @param left what may still happen
 */
record World(
    Table table,
    LetterTable letters,
    int published,
    int mark,
    boolean registered,
    boolean anew,
    List<Put> late,
    List<Writer> writers,
    Faults left) {
  static final int RECORDS = 6;

  /** Offsets that can't be rows before the registry has their schema. */
  static final int UNREADABLE = 0b010010;

  /**
   * The stream's table.
   *
   * @param rows offsets of its live rows, one bit each
   * @param restored whether a RESTORE took back what the ledger counts
   */
  record Table(int version, Ledger ledger, int rows, boolean restored) {}

  /**
   * The table of dead letters.
   *
   * @param sequence of its transaction
   */
  record LetterTable(int version, int sequence, int offsets) {}

  /** How often each thing may still happen. */
  record Faults(
      int crashes,
      int timeOuts,
      int failures,
      int holds,
      int registrations,
      int optimizes,
      int restores,
      int anews) {
    static final Faults NO = new Faults(0, 0, 0, 0, 0, 0, 0, 0);

    Faults crashes(int times) {
      return new Faults(
          times, timeOuts, failures, holds, registrations, optimizes, restores, anews);
    }

    Faults timeOuts(int times) {
      return new Faults(crashes, times, failures, holds, registrations, optimizes, restores, anews);
    }

    Faults failures(int times) {
      return new Faults(crashes, timeOuts, times, holds, registrations, optimizes, restores, anews);
    }

    Faults holds(int times) {
      return new Faults(
          crashes, timeOuts, failures, times, registrations, optimizes, restores, anews);
    }

    Faults registrations(int times) {
      return new Faults(crashes, timeOuts, failures, holds, times, optimizes, restores, anews);
    }

    Faults optimizes(int times) {
      return new Faults(crashes, timeOuts, failures, holds, registrations, times, restores, anews);
    }

    Faults restores(int times) {
      return new Faults(crashes, timeOuts, failures, holds, registrations, optimizes, times, anews);
    }

    Faults anews(int times) {
      return new Faults(
          crashes, timeOuts, failures, holds, registrations, optimizes, restores, times);
    }

    Faults fewerCrashes() {
      return crashes(crashes - 1);
    }

    Faults fewerTimeOuts() {
      return timeOuts(timeOuts - 1);
    }

    Faults fewerFailures() {
      return failures(failures - 1);
    }

    Faults fewerHolds() {
      return holds(holds - 1);
    }

    Faults fewerRegistrations() {
      return registrations(registrations - 1);
    }

    Faults fewerOptimizes() {
      return optimizes(optimizes - 1);
    }

    Faults fewerRestores() {
      return restores(restores - 1);
    }

    Faults fewerAnews() {
      return anews(anews - 1);
    }
  }

  static World begin(Faults faults) {
    return new World(
        new Table(0, Ledger.NONE, 0, false),
        new LetterTable(0, 0, 0),
        0,
        0,
        false,
        false,
        List.of(),
        List.of(Writer.down(0), Writer.down(1)),
        faults);
  }

  /** Nothing is left to do; or an operator has to decide. */
  boolean isEnd() {
    return anew
        || (table.ledger.next() == RECORDS
            && !table.restored
            && (table.rows | letters.offsets) == (1 << RECORDS) - 1
            && (letters.offsets & ~published) == 0);
  }

  World with(Table now) {
    return new World(now, letters, published, mark, registered, anew, late, writers, left)
        .withoutTooLate();
  }

  World with(LetterTable now) {
    return new World(table, now, published, mark, registered, anew, late, writers, left)
        .withoutTooLate();
  }

  World published(int offsets, int nowMark) {
    return new World(table, letters, offsets, nowMark, registered, anew, late, writers, left);
  }

  World topic(boolean nowRegistered, boolean nowAnew) {
    return new World(table, letters, published, mark, nowRegistered, nowAnew, late, writers, left);
  }

  World late(List<Put> now) {
    return new World(table, letters, published, mark, registered, anew, now, writers, left)
        .withoutTooLate();
  }

  World with(int slot, Writer writer) {
    List<Writer> now = new ArrayList<>(writers);
    now.set(slot, writer);
    return new World(
        table, letters, published, mark, registered, anew, late, List.copyOf(now), left);
  }

  World left(Faults now) {
    return new World(table, letters, published, mark, registered, anew, late, writers, now);
  }

  /** A version is created once: who comes later is refused, and nobody hears of it. */
  private World withoutTooLate() {
    List<Put> open =
        late.stream()
            .filter(p -> p.version() > (p.letters() ? letters.version : table.version))
            .toList();
    return open.size() == late.size()
        ? this
        : new World(table, letters, published, mark, registered, anew, open, writers, left);
  }
}
