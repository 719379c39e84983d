package dev.farspan.bench;

import java.util.List;

/// The straight line closest to some points, by least squares.
///
/// @param start its value at 0
/// @param slope how much it rises for each unit
/// @param share the part of the points' variance that it explains, R squared: 1 if all lie on it
record Fit(double start, double slope, double share) {
  /// @param x for example a depth
  /// @param y for example the time of a token there
  record Point(double x, double y) {}

  /// @throws IllegalArgumentException if there are fewer than two different abscissas
  static Fit of(List<Point> points) {
    double meanX = points.stream().mapToDouble(Point::x).average().orElse(0);
    double meanY = points.stream().mapToDouble(Point::y).average().orElse(0);
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (Point point : points) {
      double dx = point.x() - meanX;
      double dy = point.y() - meanY;
      xx += dx * dx;
      xy += dx * dy;
      yy += dy * dy;
    }
    if (xx == 0) {
      throw new IllegalArgumentException("a line needs points at two places at least");
    }
    double slope = xy / xx;
    double share = yy == 0 ? 1 : xy * xy / (xx * yy);
    return new Fit(meanY - slope * meanX, slope, share);
  }
}
