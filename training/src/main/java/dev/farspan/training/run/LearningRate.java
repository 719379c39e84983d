package dev.farspan.training.run;

/// The learning rate of every step.
///
/// @param peak rate after the warm-up
/// @param floor share of the peak that is left at the end
/// @param warmup steps over which the rate rises in a straight line
/// @param shape how it falls afterwards
public record LearningRate(double peak, double floor, int warmup, Shape shape) {
  /// How a learning rate falls.
  public enum Shape {
    /// Not at all.
    CONSTANT,
    /// In a straight line.
    LINEAR,
    /// Along half a cosine (Loshchilov and Hutter, arXiv 1608.03983, equation 5).
    COSINE
  }

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if the peak is not positive, the floor no share, or the
  ///   warm-up negative
  public LearningRate {
    if (!(peak > 0) || Double.isInfinite(peak) || !(floor >= 0) || floor > 1 || warmup < 0) {
      throw new IllegalArgumentException(
          "a learning rate needs a positive peak, a floor from 0 to 1 and no negative warm-up, got "
              + peak
              + ", "
              + floor
              + ", "
              + warmup);
    }
  }

  /// Returns the rate of a step.
  ///
  /// @param step zero-based step
  /// @param steps steps of the whole run
  /// @return the rate
  public double at(int step, int steps) {
    double rise = warmup == 0 ? 1 : Math.min(1, (step + 1.0) / warmup);
    double done = (double) step / steps;
    double left =
        switch (shape) {
          case CONSTANT -> 1;
          case LINEAR -> 1 - done;
          case COSINE -> (1 + Math.cos(Math.PI * done)) / 2;
        };
    return peak * rise * (floor + (1 - floor) * left);
  }
}
