package io.millrace.ingest.model;

import io.millrace.ingest.model.Moves.To;
import io.millrace.ingest.model.Writer.Answer;
import io.millrace.ingest.model.Writer.At;
import io.millrace.ingest.model.Writer.Batch;
import io.millrace.ingest.model.Writer.Known;
import java.util.function.BiConsumer;

/**
 * What a writer does, step by step: as StreamOpening opens a stream, as StreamDriver makes a batch,
 * and as CommitLoop commits. Between any two steps anything else may happen.
 */
final class Protocol {
  private static final int CHECKPOINTS = 3;
  private static final int MOST_ATTEMPTS = 100;

  private final Mutant mutant;

  Protocol(Mutant mutant) {
    this.mutant = mutant;
  }

  private boolean is(Mutant asked) {
    return mutant == asked;
  }

  /** The writer's next steps; several where something outside decides. */
  void next(World world, int slot, BiConsumer<String, To> steps) {
    Writer writer = world.writers().get(slot);
    switch (writer.at()) {
      case READ_TABLE -> steps.accept("reads the table", () -> readTable(world, slot, writer));
      case LOOK_AT_LETTERS ->
          steps.accept(
              "looks at the table of dead letters", () -> lookAtLetters(world, slot, writer));
      case ROLL_LETTERS_FORWARD ->
          steps.accept("rolls dead letters forward", () -> roll(world, slot, writer));
      case PUBLISH -> steps.accept("publishes dead letters", () -> publish(world, slot, writer));
      case MARK -> steps.accept("marks them as published", () -> mark(world, slot, writer));
      case TAKE_OVER -> steps.accept("takes over", () -> takeOver(world, slot, writer));
      case OPENED -> opened(world, slot, writer, steps);
      case PLAN -> plan(world, slot, writer, steps);
      case FIRST_TASK -> task(world, slot, writer, 0, steps);
      case SECOND_TASK -> task(world, slot, writer, 1, steps);
      case LAST_LOOK ->
          steps.accept("asks for the topic's id and commits", () -> lastLook(world, slot, writer));
      case COMMIT -> steps.accept("commits", () -> commit(world, slot, writer));
      case LOOK_AGAIN ->
          steps.accept("reads the table again", () -> lookAgain(world, slot, writer));
      case DOWN, STOPPED -> {
        // Nothing follows.
      }
    }
  }

  private World readTable(World world, int slot, Writer writer) {
    World.Table table = world.table();
    Known known = writer.known();
    if (known.epoch() > 0 && !isOurs(table.ledger(), writer)) {
      return world.with(slot, fenced(writer, known.epoch(), table.ledger()));
    }
    boolean back = table.restored() && !is(Mutant.IGNORES_RESTORES);
    Ledger base = back ? table.ledger().restored() : table.ledger();
    Known now = known.table(base, table.version(), false);
    return takeOver(world, slot, writer.with(now).goTo(At.TAKE_OVER));
  }

  private boolean isOurs(Ledger found, Writer writer) {
    return is(Mutant.OLDER_TAKES_BACK)
        || found.epoch() == writer.known().epoch()
        || (found.writer() == writer.process() && !is(Mutant.FORGETS_ITS_TAKE_OVER));
  }

  private static Writer stopped(Writer writer) {
    return Writer.down(writer.process()).goTo(At.STOPPED);
  }

  /** Stops because of another writer, which must be a newer one. */
  private static Writer fenced(Writer writer, int epoch, Ledger found) {
    Storage.require(found.writer() != writer.process(), "a writer stops because of itself");
    Storage.require(found.epoch() >= epoch, "a newer writer gives way to an older one");
    return stopped(writer);
  }

  private World lookAtLetters(World world, int slot, Writer writer) {
    World.LetterTable letters = world.letters();
    Writer looked = writer.with(writer.known().letters(letters.version(), letters.sequence()));
    boolean done =
        looked.known().base().lastPending() <= letters.sequence() && !isToWithdraw(looked.known());
    return done
        ? world.with(slot, looked.goTo(At.PUBLISH))
        : roll(world, slot, looked.goTo(At.ROLL_LETTERS_FORWARD));
  }

  private boolean isToWithdraw(Known known) {
    return known.base().restoredAt() > known.letterSequence() && !is(Mutant.LEAVES_VOID_LETTERS);
  }

  private World roll(World world, int slot, Writer writer) {
    Known known = writer.known();
    int last = known.base().lastPending();
    if (writer.answer() == Answer.REFUSED) {
      return world.with(slot, writer.heard().goTo(At.LOOK_AT_LETTERS));
    }
    if (writer.answer() == Answer.DONE) {
      Known now = known.letters(writer.put().version(), writer.put().through());
      return world.with(slot, writer.heard().with(now).goTo(At.PUBLISH));
    }
    if (last <= known.letterSequence() && isToWithdraw(known)) {
      int taken = (1 << known.base().next()) - 1;
      int away = world.letters().offsets() & ~taken;
      int through = known.base().restoredAt();
      return world.with(
          slot,
          writer
              .goTo(At.ROLL_LETTERS_FORWARD)
              .asks(
                  new Put(
                      true, known.letterVersion() + 1, null, away, true, through, false, false)));
    }
    if (last <= known.letterSequence()) {
      return world.with(slot, writer.goTo(last == 0 ? At.PLAN : At.PUBLISH));
    }
    int after = is(Mutant.LETTERS_WITHOUT_SEQUENCE) ? 0 : known.letterSequence();
    int missing = known.base().pendingAfter(after);
    int through = is(Mutant.LETTERS_WITHOUT_SEQUENCE) ? 0 : last;
    return world.with(
        slot,
        writer.asks(
            new Put(true, known.letterVersion() + 1, null, missing, false, through, false, false)));
  }

  private World publish(World world, int slot, Writer writer) {
    Ledger base = writer.known().base();
    if (base.lastPending() <= world.mark()) {
      return world.with(slot, afterPublishing(writer));
    }
    Writer next = writer.goTo(At.MARK);
    return is(Mutant.MARKS_BEFORE_IT_PUBLISHES)
        ? world.published(world.published(), base.lastPending()).with(slot, next)
        : send(world, base).with(slot, next);
  }

  private static World send(World world, Ledger base) {
    return world.published(world.published() | base.pendingAfter(world.mark()), world.mark());
  }

  private World mark(World world, int slot, Writer writer) {
    Ledger base = writer.known().base();
    World marked =
        is(Mutant.MARKS_BEFORE_IT_PUBLISHES)
            ? world.published(world.published() | base.pendingAfter(0), world.mark())
            : world.published(world.published(), base.lastPending());
    return marked.with(slot, afterPublishing(writer));
  }

  private static Writer afterPublishing(Writer writer) {
    return writer.opening() ? writer.goTo(At.OPENED) : writer.idle();
  }

  private static int newAttempt(Writer writer) {
    return writer.process() * MOST_ATTEMPTS + writer.known().attempts() + 1;
  }

  private World takeOver(World world, int slot, Writer writer) {
    Known known = writer.known();
    if (writer.answer() == Answer.REFUSED) {
      return world.with(slot, writer.heard().goTo(At.LOOK_AGAIN));
    }
    if (writer.answer() == Answer.DONE) {
      return world.with(slot, tookOver(writer, writer.put().version(), false));
    }
    int attempt = newAttempt(writer);
    int settled = is(Mutant.LETTERS_FORGOTTEN) ? known.base().lastPending() : 0;
    Ledger candidate = known.base().takenOver(writer.process(), attempt, settled);
    Writer trying = writer.with(known.trying()).with(candidate);
    return world.with(slot, trying.asks(put(trying, known.version() + 1)));
  }

  private static Writer tookOver(Writer writer, int version, boolean unseen) {
    Known now =
        writer.known().took(writer.candidate().epoch()).table(writer.candidate(), version, unseen);
    return new Writer(
        writer.process(), At.LOOK_AT_LETTERS, true, now, Batch.NONE, null, null, Answer.NONE);
  }

  private static Put put(Writer writer, int version) {
    return new Put(
        false,
        version,
        writer.candidate(),
        writer.batch().rows(),
        false,
        0,
        writer.batch().otherTopic(),
        writer.opening() && writer.known().epoch() > 0);
  }

  /** Spark begins with what its checkpoint says, which may be anything. */
  private void opened(World world, int slot, Writer writer, BiConsumer<String, To> steps) {
    if (!is(Mutant.TRUSTS_THE_CHECKPOINT)) {
      steps.accept("begins with any checkpoint", () -> world.with(slot, writer.idle()));
      return;
    }
    for (int i = 0; i <= CHECKPOINTS; i++) {
      int from = 2 * i;
      if (from < World.RECORDS) {
        Batch batch = new Batch(from, Math.min(from + 2, World.RECORDS), 0, 0, false);
        steps.accept(
            "begins with a checkpoint at " + from,
            () -> world.with(slot, writer.with(batch).goTo(At.FIRST_TASK)));
      }
    }
    steps.accept("begins without a checkpoint", () -> world.with(slot, writer.idle()));
  }

  /** Nobody but the writer sees its plan, so its first task is the same step. */
  private void plan(World world, int slot, Writer writer, BiConsumer<String, To> steps) {
    int from = writer.known().base().next();
    if (world.anew()) {
      steps.accept("sees another topic", () -> world.with(slot, stopped(writer)));
    } else if (from < World.RECORDS) {
      Batch batch = new Batch(from, Math.min(from + 2, World.RECORDS), 0, 0, false);
      task(world, slot, writer.with(batch), 0, steps);
    } else if (!is(Mutant.NEVER_IDLY_LOOKS)
        && (writer.known().unseen() || world.table().version() != writer.known().version())) {
      steps.accept("looks at the table, idle", () -> lookAtOthers(world, slot, writer));
    }
  }

  private World lookAtOthers(World world, int slot, Writer writer) {
    World.Table table = world.table();
    Known known = writer.known();
    if (table.ledger().attempt() != known.base().attempt()) {
      return world.with(slot, fenced(writer, known.epoch(), table.ledger()));
    }
    return world.with(
        slot,
        table.restored()
            ? writer.opens()
            : writer.with(known.table(known.base(), table.version(), false)));
  }

  /** A task takes one record; or none, where it has to wait for a schema. */
  private void task(
      World world, int slot, Writer writer, int number, BiConsumer<String, To> steps) {
    Batch batch = writer.batch();
    int offset = 1 << (batch.from() + number);
    boolean dead = (World.UNREADABLE & offset) != 0 && !world.registered();
    Batch taken =
        new Batch(
            batch.from(),
            batch.to(),
            batch.rows() | (dead ? 0 : offset),
            batch.letters() | (dead ? offset : 0),
            batch.otherTopic() || world.anew());
    steps.accept(
        "has the file of task " + (number + 1),
        () -> world.with(slot, afterTask(writer.with(taken), number)));
    if (world.left().holds() > 0) {
      steps.accept(
          "has nothing of task " + (number + 1) + ", which holds its records",
          () -> world.with(slot, afterTask(writer, number)).left(world.left().fewerHolds()));
    }
  }

  private Writer afterTask(Writer writer, int number) {
    Batch batch = writer.batch();
    if (number == 0 && batch.to() - batch.from() > 1) {
      return writer.goTo(At.SECOND_TASK);
    }
    boolean first = (batch.taken() >> batch.from() & 1) != 0;
    if (batch.taken() == 0 || (!first && !is(Mutant.ACCEPTS_A_GAP))) {
      return writer.idle();
    }
    return writer.goTo(At.LAST_LOOK);
  }

  private World lastLook(World world, int slot, Writer writer) {
    if (world.anew() && !is(Mutant.NO_LAST_LOOK)) {
      return world.with(slot, stopped(writer));
    }
    if (is(Mutant.LETTERS_FIRST) && writer.batch().letters() != 0) {
      return commit(
          Storage.addLetters(world, writer.batch().letters()), slot, writer.goTo(At.COMMIT));
    }
    return commit(world, slot, writer.goTo(At.COMMIT));
  }

  private World commit(World world, int slot, Writer writer) {
    if (writer.answer() == Answer.REFUSED) {
      return world.with(slot, writer.heard().goTo(At.LOOK_AGAIN));
    }
    if (writer.answer() == Answer.DONE) {
      return roll(world, slot, committed(writer, writer.put().version(), false));
    }
    Known known = writer.known();
    if (known.unseen() && world.table().restored()) {
      return world.with(slot, writer.opens());
    }
    Batch batch = writer.batch();
    int next = Integer.SIZE - Integer.numberOfLeadingZeros(batch.taken());
    int letters = is(Mutant.LETTERS_FIRST) ? 0 : batch.letters();
    int attempt = newAttempt(writer);
    Ledger candidate =
        known.base().advance(writer.process(), attempt, next, letters, known.letterSequence());
    Known trying =
        new Known(
            known.epoch(),
            known.attempts() + 1,
            known.base(),
            known.version(),
            false,
            known.letterVersion(),
            known.letterSequence());
    Writer ready = writer.with(trying).with(candidate);
    return world.with(slot, ready.asks(put(ready, known.version() + 1)));
  }

  private static Writer committed(Writer writer, int version, boolean unseen) {
    Ledger ledger = writer.candidate();
    Known now = writer.known().table(ledger, version, unseen);
    return new Writer(
        writer.process(), At.ROLL_LETTERS_FORWARD, false, now, Batch.NONE, null, null, Answer.NONE);
  }

  /** Where a writer goes that has waited for an answer long enough. */
  Writer looksAgain(Writer writer) {
    return writer.heard().goTo(writer.put().letters() ? At.LOOK_AT_LETTERS : At.LOOK_AGAIN);
  }

  private World lookAgain(World world, int slot, Writer writer) {
    World.Table table = world.table();
    Ledger found = table.ledger();
    Ledger candidate = writer.candidate();
    Known known = writer.known();
    if (found.attempt() == candidate.attempt() && !is(Mutant.KNOWS_NO_ATTEMPT)) {
      boolean unseen = !is(Mutant.IGNORES_RESTORES_BEHIND_ITS_OWN);
      return writer.opening()
          ? world.with(slot, tookOver(writer, table.version(), unseen))
          : roll(world, slot, committed(writer, table.version(), unseen));
    }
    boolean unchanged =
        found.attempt() == known.base().attempt()
            || is(Mutant.KNOWS_NO_FENCE)
            || (is(Mutant.KNOWS_NO_ATTEMPT) && found.writer() == writer.process());
    if (unchanged) {
      if (table.restored() && !known.base().isToBeTakenBack() && !is(Mutant.IGNORES_RESTORES)) {
        return world.with(slot, writer.opens());
      }
      Writer again = writer.with(known.table(known.base(), table.version(), false));
      return world.with(slot, again.asks(put(again, table.version() + 1)).goTo(origin(writer)));
    }
    if (writer.opening() && !is(Mutant.NEWER_GIVES_WAY)) {
      // The writer before has committed once more, so it is still to be taken over.
      return world.with(slot, writer.opens());
    }
    return world.with(slot, fenced(writer, candidate.epoch(), found));
  }

  private static At origin(Writer writer) {
    return writer.opening() ? At.TAKE_OVER : At.COMMIT;
  }
}
