package dev.farspan.evaluation.report;

import java.util.List;

/// How often something was found, by how long the text was and how deep it stood.
///
/// @param title which method and task
/// @param lengths tokens of the texts, ascending
/// @param depths where it stood, in percent of the text, ascending
/// @param scores from 0 (never) to 1 (always): a row for each depth, a column for each length; NaN
///   where nothing was measured
public record HeatMap(
    String title, List<Integer> lengths, List<Double> depths, List<List<Double>> scores) {
  /// Copies and checks the lists.
  ///
  /// @throws IllegalArgumentException if the matrix has another shape than its margins, or a score
  ///   is below 0 or above 1
  public HeatMap {
    lengths = List.copyOf(lengths);
    depths = List.copyOf(depths);
    scores = scores.stream().map(List::copyOf).toList();
    Grids.require(title, scores, depths.size(), lengths.size(), 1);
  }

  /// Returns the mean of all scores that were measured.
  ///
  /// @return from 0 to 1; NaN if there is none
  public double mean() {
    return scores.stream()
        .flatMap(List::stream)
        .filter(score -> !score.isNaN())
        .mapToDouble(score -> score)
        .average()
        .orElse(Double.NaN);
  }

  /// Returns the map as a picture: depth down, length across, red for 0, yellow, green for 1.
  ///
  /// @return an SVG document
  public String svg() {
    return HeatMapChart.svg(this);
  }
}
