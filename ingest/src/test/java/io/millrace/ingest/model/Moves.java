package io.millrace.ingest.model;

import io.millrace.ingest.model.World.Faults;
import io.millrace.ingest.model.World.LetterTable;
import io.millrace.ingest.model.World.Table;
import io.millrace.ingest.model.Writer.Answer;
import io.millrace.ingest.model.Writer.At;
import java.util.ArrayList;
import java.util.List;

/** All that may happen next: one step of a writer, of the storage, of others, or a fault. */
final class Moves {
  /** What happens, and what is there then. */
  @FunctionalInterface
  interface To {
    /** Makes the world, or says which invariant it breaks. */
    World make();
  }

  record Move(String name, To to) {}

  private static final String[] NAMES = {"A", "B"};

  private final Protocol protocol;
  private final List<Move> moves = new ArrayList<>();

  private Moves(Protocol protocol) {
    this.protocol = protocol;
  }

  static List<Move> from(World world, Protocol protocol) {
    Moves moves = new Moves(protocol);
    for (int slot = 0; slot < NAMES.length; slot++) {
      moves.ofWriter(world, slot);
      moves.faults(world, slot);
    }
    moves.ofStorage(world);
    moves.ofOthers(world);
    return moves.moves;
  }

  private void add(String name, To to) {
    moves.add(new Move(name, to));
  }

  private void ofWriter(World world, int slot) {
    Writer writer = world.writers().get(slot);
    String name = NAMES[slot] + " ";
    if (writer.at() == At.DOWN) {
      add(name + "starts", () -> world.with(slot, writer.opens()));
    } else if (writer.answer() == Answer.IN_FLIGHT) {
      Put put = writer.put();
      boolean takes = Storage.takes(world, put);
      add(
          "the storage " + (takes ? "takes" : "refuses") + " the put of " + name,
          () ->
              (takes ? Storage.apply(world, put) : world)
                  .with(slot, writer.answered(takes ? Answer.DONE : Answer.REFUSED)));
    } else {
      protocol.next(world, slot, (what, to) -> add(name + what, to));
    }
  }

  private void faults(World world, int slot) {
    Writer writer = world.writers().get(slot);
    if (writer.at() == At.DOWN || writer.at() == At.STOPPED) {
      return;
    }
    Faults left = world.left();
    String name = NAMES[slot] + " ";
    if (left.crashes() > 0) {
      add(
          name + "is killed at " + writer.at(),
          () ->
              unheard(world, writer)
                  .with(slot, Writer.down(writer.process() + NAMES.length))
                  .left(left.fewerCrashes()));
    }
    if (writer.put() != null && left.timeOuts() > 0) {
      add(
          name + "gets no answer and looks again",
          () ->
              unheard(world, writer)
                  .with(slot, protocol.looksAgain(writer))
                  .left(left.fewerTimeOuts()));
    }
    if (left.failures() > 0) {
      // A first opening that fails ends the process.
      Writer after =
          writer.known().epoch() > 0
              ? writer.opens()
              : Writer.down(writer.process() + NAMES.length);
      add(
          name + "fails at " + writer.at() + " and opens again",
          () -> unheard(world, writer).with(slot, after).left(left.fewerFailures()));
    }
  }

  /** What a writer waits for no more may still come into effect. */
  private static World unheard(World world, Writer writer) {
    if (writer.answer() != Answer.IN_FLIGHT) {
      return world;
    }
    List<Put> late = new ArrayList<>(world.late());
    late.add(writer.put());
    return world.late(List.copyOf(late));
  }

  private void ofStorage(World world) {
    for (Put put : world.late()) {
      if (Storage.takes(world, put)) {
        add("the storage takes a put that nobody waits for", () -> Storage.apply(world, put));
      }
    }
  }

  private void ofOthers(World world) {
    Faults left = world.left();
    Table table = world.table();
    if (!world.registered() && left.registrations() > 0) {
      add(
          "the schema is registered",
          () -> world.topic(true, world.anew()).left(left.fewerRegistrations()));
    }
    if (left.anews() > 0) {
      add(
          "the topic is made anew",
          () -> world.topic(world.registered(), true).left(left.fewerAnews()));
    }
    if (left.optimizes() > 0) {
      add(
          "OPTIMIZE of both tables",
          () ->
              world
                  .with(
                      new Table(
                          table.version() + 1, table.ledger(), table.rows(), table.restored()))
                  .with(
                      new LetterTable(
                          world.letters().version() + 1,
                          world.letters().sequence(),
                          world.letters().offsets()))
                  .left(left.fewerOptimizes()));
    }
    if (left.restores() > 0 && table.rows() != 0) {
      add(
          "RESTORE to the empty table",
          () ->
              world
                  .with(new Table(table.version() + 1, table.ledger(), 0, true))
                  .left(left.fewerRestores()));
    }
  }
}
