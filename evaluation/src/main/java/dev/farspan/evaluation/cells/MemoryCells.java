package dev.farspan.evaluation.cells;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// Measurements that are forgotten when the program ends.
public final class MemoryCells implements Cells {
  private final SequencedMap<Labels, JsonNode> values = new LinkedHashMap<>();

  /// Makes a store that holds none.
  public MemoryCells() {}

  @Override
  public synchronized Optional<JsonNode> find(Labels key) {
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public synchronized void keep(Cell cell) {
    values.put(cell.key(), cell.value());
  }

  /// Returns what was kept.
  ///
  /// @param header what the run is
  /// @return its measurements
  public synchronized RunCells run(RunHeader header) {
    List<Cell> cells = new ArrayList<>();
    values.forEach((key, value) -> cells.add(new Cell(key, value)));
    return new RunCells(header.identity(), List.of(header.facts()), cells);
  }
}
