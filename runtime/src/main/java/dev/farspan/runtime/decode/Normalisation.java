package dev.farspan.runtime.decode;

import dev.farspan.context.model.NormConfig;
import dev.farspan.runtime.weights.Norm;

/// The model's normalisation, row by row.
final class Normalisation {
  private final Maps maps;
  private final NormConfig config;

  Normalisation(Maps maps, NormConfig config) {
    this.maps = maps;
    this.config = config;
  }

  /// Normalises rows of `norm.weight().length` elements; copies them where the norm is absent.
  void rows(Norm norm, float[] x, int rows, int width, float[] out) {
    if (norm.present() && rows == 1) {
      one(norm, x, 0, out);
    } else if (norm.present()) {
      maps.eachRow(rows, r -> one(norm, x, r * width, out));
    } else {
      System.arraycopy(x, 0, out, 0, rows * width); // a copy onto itself changes nothing
    }
  }

  /// Normalises one run of `norm.weight().length` elements, from and to the same index.
  void one(Norm norm, float[] x, int at, float[] out) {
    int n = norm.weight().length;
    float epsilon = (float) config.epsilon();
    switch (config.kind()) {
      case RMS -> maps.kernels().rmsNorm(x, at, n, norm.weight(), epsilon, out, at);
      case LAYER ->
          maps.kernels().layerNorm(x, at, n, norm.weight(), norm.bias(), epsilon, out, at);
    }
  }
}
