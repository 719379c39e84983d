package dev.farspan.evaluation.report;

import java.util.List;

/// Checks matrices of scores.
final class Grids {
  private Grids() {}

  static void require(
      String title, List<List<Double>> scores, int rows, int columns, double largest) {
    if (scores.size() != rows || scores.stream().anyMatch(row -> row.size() != columns)) {
      throw new IllegalArgumentException(
          "'%s' needs %d rows of %d scores".formatted(title, rows, columns));
    }
    for (List<Double> row : scores) {
      for (double score : row) {
        if (score < 0 || score > largest) {
          throw new IllegalArgumentException(
              "'%s' has a score of %s, which is not between 0 and %s"
                  .formatted(title, score, largest));
        }
      }
    }
  }
}
