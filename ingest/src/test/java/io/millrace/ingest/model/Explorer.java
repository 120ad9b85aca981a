package io.millrace.ingest.model;

import io.millrace.ingest.model.Moves.Move;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Visits all worlds that can come of one, those with fewer steps first. Tells of the first that
 * breaks an invariant, or else of one from which no end can be reached, by the steps that lead
 * there.
 */
final class Explorer {
  /**
   * What was found.
   *
   * @param failure what is wrong and the steps that lead to it; empty where nothing is
   */
  record Result(int worlds, Optional<String> failure) {}

  private final Protocol protocol;
  private final Map<World, Integer> numbers = new HashMap<>();
  private final List<World> worlds = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<int[]> successors = new ArrayList<>();
  private final List<Integer> parents = new ArrayList<>();

  private Explorer(Mutant mutant) {
    protocol = new Protocol(mutant);
  }

  static Result explore(Mutant mutant, World.Faults faults) {
    return new Explorer(mutant).explore(World.begin(faults));
  }

  private Result explore(World begin) {
    number(begin, -1, "");
    for (int current = 0; current < worlds.size(); current++) {
      List<Move> moves = Moves.from(worlds.get(current), protocol);
      int[] next = new int[moves.size()];
      for (int i = 0; i < next.length; i++) {
        Move move = moves.get(i);
        try {
          next[i] = number(move.to().make(), current, move.name());
        } catch (Violation e) {
          return new Result(
              worlds.size(), Optional.of(trace(e.getMessage(), current) + "\n  " + move.name()));
        }
      }
      successors.add(next);
    }
    return new Result(worlds.size(), withoutEnd());
  }

  private int number(World world, int parent, String name) {
    Integer known = numbers.putIfAbsent(world, worlds.size());
    if (known != null) {
      return known;
    }
    worlds.add(world);
    parents.add(parent);
    names.add(name);
    return worlds.size() - 1;
  }

  /** Goes back from the ends over all steps: what is not met then can't reach one. */
  private Optional<String> withoutEnd() {
    int[] degree = new int[worlds.size() + 1];
    successors.forEach(next -> Arrays.stream(next).forEach(to -> degree[to + 1]++));
    for (int i = 1; i < degree.length; i++) {
      degree[i] += degree[i - 1];
    }
    int[] place = degree.clone();
    int[] before = new int[degree[worlds.size()]];
    for (int from = 0; from < worlds.size(); from++) {
      for (int to : successors.get(from)) {
        before[place[to]++] = from;
      }
    }
    BitSet reaches = new BitSet(worlds.size());
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < worlds.size(); i++) {
      if (worlds.get(i).isEnd()) {
        reaches.set(i);
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      int to = open.poll();
      for (int i = degree[to]; i < degree[to + 1]; i++) {
        if (!reaches.get(before[i])) {
          reaches.set(before[i]);
          open.add(before[i]);
        }
      }
    }
    int stuck = reaches.nextClearBit(0);
    return stuck == worlds.size()
        ? Optional.empty()
        : Optional.of(trace("from here the records can't all get into the table", stuck));
  }

  private String trace(String what, int last) {
    List<String> steps = new ArrayList<>();
    for (int i = last; i > 0; i = parents.get(i)) {
      steps.add(names.get(i));
    }
    Collections.reverse(steps);
    return what + ":\n  " + String.join("\n  ", steps);
  }
}
