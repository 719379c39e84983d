package dev.farspan.evaluation.cells;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The finished measurements of one run. Safe for several threads.
///
/// ```java
/// Labels key = Labels.of("method", spec.text()).and("length", 4096);
/// JsonNode value = cells.find(key).orElseGet(() -> {
///   JsonNode measured = measure();
///   cells.keep(new Cell(key, measured));
///   return measured;
/// });
/// ```
public interface Cells {
  /// Returns measurements that are forgotten when the program ends.
  ///
  /// @return no measurement yet
  static MemoryCells inMemory() {
    return new MemoryCells();
  }

  /// Returns a measurement of this run or of an earlier one with the same identity.
  ///
  /// @param key its key
  /// @return its value, if it has been measured
  Optional<JsonNode> find(Labels key);

  /// Keeps a measurement as soon as it is finished; it takes the place of an earlier one of its
  /// key.
  ///
  /// @param cell the measurement
  /// @throws java.io.UncheckedIOException if it cannot be written
  void keep(Cell cell);
}
