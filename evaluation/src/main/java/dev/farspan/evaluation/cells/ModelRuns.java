package dev.farspan.evaluation.cells;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// Lays the measurements of several models side by side, so that one picture shows them all.
public final class ModelRuns {
  private static final String MODEL = "model";
  private static final String METHOD = "method";

  private ModelRuns() {}

  /// Returns runs of which those that differ in nothing but the model are joined. The methods of
  /// the first model keep their names; those of the others begin with the model's.
  ///
  /// Models of different trained lengths stay apart, for their bands differ; so do models of one
  /// name, and runs of anything else than methods.
  ///
  /// @param runs what a directory holds
  /// @return as many runs or fewer, in the same order
  public static List<RunCells> joined(List<RunCells> runs) {
    SequencedMap<Labels, List<RunCells>> alike = new LinkedHashMap<>();
    for (RunCells run : runs) {
      alike.computeIfAbsent(besidesTheModel(run), _ -> new ArrayList<>()).add(run);
    }
    return alike.values().stream()
        .flatMap(group -> joins(group) ? List.of(join(group)).stream() : group.stream())
        .toList();
  }

  private static Labels besidesTheModel(RunCells run) {
    SequencedMap<String, String> rest = new LinkedHashMap<>(run.identity().entries());
    rest.remove(MODEL);
    // how losses are averaged is a fact, for no measurement depends on it, but their table does
    rest.put("mean", run.facts().getLast().entries().getOrDefault("mean", ""));
    return new Labels(rest);
  }

  private static boolean joins(List<RunCells> group) {
    return group.size() > 1
        && group.stream().map(ModelRuns::name).distinct().count() == group.size()
        && group.stream()
            .flatMap(run -> run.cells().stream())
            .allMatch(cell -> cell.key().entries().containsKey(METHOD));
  }

  private static String name(RunCells run) {
    return run.facts().getLast().entries().getOrDefault(MODEL, "");
  }

  private static RunCells join(List<RunCells> group) {
    RunCells first = group.getFirst();
    SequencedMap<String, String> identity = new LinkedHashMap<>(first.identity().entries());
    identity.put(
        MODEL,
        group.stream().map(run -> run.identity().get(MODEL)).collect(Collectors.joining(", ")));
    List<Labels> facts = new ArrayList<>();
    List<Cell> cells = new ArrayList<>(first.cells());
    group.forEach(run -> facts.addAll(run.facts()));
    for (RunCells run : group.subList(1, group.size())) {
      run.cells().forEach(cell -> cells.add(named(cell, name(run))));
    }
    return new RunCells(new Labels(identity), facts, cells);
  }

  private static Cell named(Cell cell, String model) {
    SequencedMap<String, String> key = new LinkedHashMap<>(cell.key().entries());
    key.computeIfPresent(METHOD, (_, method) -> model + " " + method);
    return new Cell(new Labels(key), cell.value());
  }
}
