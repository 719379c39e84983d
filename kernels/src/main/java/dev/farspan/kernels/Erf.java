package dev.farspan.kernels;

import static dev.farspan.kernels.Lanes.F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// The error function on whole vectors: `erf(z) = z g(z^2)` with `g` as a Chebyshev series on `[0,
/// 16]`, whose coefficients are computed from [Curves#erf] when the class loads.
final class Erf {
  // erf(4) = 1 - 1.5e-8 rounds to 1 in float.
  private static final float END = 4;
  // The 21st coefficient is below 1e-9; ErfTest shows what is left.
  private static final int TERMS = 20;
  private static final float[] SERIES = series();

  private Erf() {}

  /// Returns the coefficients by discrete cosine transform over the Chebyshev nodes (Press et al.,
  /// Numerical Recipes, 3rd edition, eq. 5.8.7).
  private static float[] series() {
    int nodes = 64;
    float[] series = new float[TERMS];
    for (int j = 0; j < TERMS; j++) {
      double sum = 0;
      for (int i = 0; i < nodes; i++) {
        double angle = Math.PI * (i + 0.5) / nodes;
        double z = Math.sqrt(END * END / 2 * (Math.cos(angle) + 1));
        sum += Curves.erf(z) / z * Math.cos(j * angle);
      }
      series[j] = (float) ((j == 0 ? 1.0 : 2.0) * sum / nodes);
    }
    return series;
  }

  static FloatVector of(FloatVector x) {
    FloatVector z = x.blend(END, x.compare(VectorOperators.GT, END));
    z = z.blend(-END, z.compare(VectorOperators.LT, -END));
    FloatVector t = z.mul(z).mul(2 / (END * END)).sub(1f);
    FloatVector twice = t.add(t);
    // Clenshaw's recurrence (Numerical Recipes, eq. 5.8.11)
    FloatVector b1 = FloatVector.zero(F);
    FloatVector b2 = b1;
    for (int j = TERMS - 1; j > 0; j--) {
      FloatVector b = twice.fma(b1, Lanes.splat(SERIES[j]).sub(b2));
      b2 = b1;
      b1 = b;
    }
    return z.mul(t.fma(b1, Lanes.splat(SERIES[0]).sub(b2)));
  }
}
