package dev.farspan.kernels;

/// The nonlinearities in double precision.
final class Curves {
  private Curves() {}

  /// Returns the activation at `x`.
  static double of(Activation activation, double x) {
    return switch (activation) {
      case SILU -> x / (1 + Math.exp(-x));
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
      case RELU -> x > 0 || Double.isNaN(x) ? x : 0;
    };
  }

  /// Returns the error function, from the series whose terms are all positive (Abramowitz and
  /// Stegun, 7.1.6): `erf(z) = 2/sqrt(pi) exp(-z^2) sum of 2^n z^(2n+1) / (1 * 3 * .. * (2n+1))`.
  static double erf(double z) {
    if (Math.abs(z) > 6) { // erfc(6) = 2e-17 is below the last bit of 1
      return Math.signum(z);
    }
    double term = z;
    double sum = z;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= 2 * z * z / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-z * z) * sum;
  }
}
