package dev.farspan.evaluation.cells;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a directory holds of one run, its continuations included.
///
/// @param identity everything the measurements depend on besides their keys
/// @param facts those of each part of the run that differed from the ones before, the first first
/// @param cells the measurements in the order they were finished; one for each key
public record RunCells(Labels identity, List<Labels> facts, List<Cell> cells) {
  /// Copies the lists.
  public RunCells {
    facts = List.copyOf(facts);
    cells = List.copyOf(cells);
  }

  /// Returns a measurement.
  ///
  /// @param key its key
  /// @return its value, if it has been measured
  public Optional<JsonNode> find(Labels key) {
    return cells.stream().filter(cell -> cell.key().equals(key)).map(Cell::value).findFirst();
  }
}
