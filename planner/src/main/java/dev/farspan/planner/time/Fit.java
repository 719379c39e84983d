package dev.farspan.planner.time;

import java.util.List;

/// A time as a sum of two kinds of work, `a x + c y`, fitted by least squares of relative errors.
///
/// Neither factor is negative: no work takes less than no time, and noise in short runs must not
/// say that long ones are cheap.
///
/// @param a seconds for a unit of the first kind
/// @param c seconds for a unit of the second kind
record Fit(double a, double c) {
  /// What was done and how long it took.
  record Point(double x, double y, double seconds) {}

  static Fit of(List<Point> points) {
    double xx = 0;
    double xy = 0;
    double yy = 0;
    double xt = 0;
    double yt = 0;
    for (Point p : points) {
      double weight = 1 / (p.seconds * p.seconds);
      xx += weight * p.x * p.x;
      xy += weight * p.x * p.y;
      yy += weight * p.y * p.y;
      xt += weight * p.x * p.seconds;
      yt += weight * p.y * p.seconds;
    }
    double determinant = xx * yy - xy * xy;
    // Where both kinds of work grow alike, as under a short window, one factor tells all.
    if (determinant <= 1e-6 * xx * yy) {
      return new Fit(xt / xx, 0);
    }
    double a = (xt * yy - yt * xy) / determinant;
    double c = (yt * xx - xt * xy) / determinant;
    if (c < 0) {
      return new Fit(xt / xx, 0);
    }
    return a < 0 ? new Fit(0, yt / yy) : new Fit(a, c);
  }

  double seconds(double x, double y) {
    return a * x + c * y;
  }
}
