package dev.farspan.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every implementation's norms and curves must do.
abstract class ElementwiseContract {
  abstract Kernels kernels();

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 257, 576})
  void rmsNormDividesByTheRootMeanSquare(int n) {
    float[] x = Samples.floats(new Random(1), n + 3);
    float[] weight = Samples.floats(new Random(2), n);
    float[] out = new float[n + 2];
    kernels().rmsNorm(x, 3, n, weight, 1e-5f, out, 2);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (double) x[3 + i] * x[3 + i];
    }
    for (int i = 0; i < n; i++) {
      double expected = x[3 + i] / Math.sqrt(squares / n + 1e-5f) * weight[i];
      assertClose(out[2 + i], expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 257, 576})
  void layerNormRemovesMeanAndVariance(int n) {
    float[] x = Samples.floats(new Random(1), n + 3);
    float[] weight = Samples.floats(new Random(2), n);
    float[] bias = Samples.floats(new Random(3), n);
    float[] out = new float[n + 2];
    kernels().layerNorm(x, 3, n, weight, bias, 1e-3f, out, 2);
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += x[3 + i] / (double) n;
    }
    double variance = 0;
    for (int i = 0; i < n; i++) {
      variance += (x[3 + i] - mean) * (x[3 + i] - mean) / n;
    }
    for (int i = 0; i < n; i++) {
      double expected = (x[3 + i] - mean) / Math.sqrt(variance + 1e-3f) * weight[i] + bias[i];
      // the mean of up to 576 values carries a few roundings, which x - mean does not shrink
      assertThat(out[2 + i]).isCloseTo((float) expected, within(4e-6f));
    }
  }

  // A few roundings of 2^-24 each.
  private static void assertClose(float actual, double expected) {
    assertThat(actual).isCloseTo((float) expected, within((float) (6e-7 * Math.abs(expected))));
  }

  private static float[] line() {
    float[] x = new float[4001];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 2000) / 100f;
    }
    return x;
  }

  @ParameterizedTest
  @EnumSource
  void activationsFollowTheirFormula(Activation activation) {
    float[] x = line();
    float[] y = x.clone();
    kernels().activate(activation, y, 1, x.length - 1);
    assertThat(y[0]).isEqualTo(x[0]);
    for (int i = 1; i < x.length; i++) {
      double expected = Reference.activation(activation, x[i]);
      // 1 + erf(z) cancels below 0, so what is left there is relative to x, not to the result
      double size = activation == Activation.GELU ? Math.abs(x[i]) : Math.abs(expected);
      // exp of u doubles u's own rounding: up to 20 * 2^-23 where silu still counts
      double allowed = 3e-6 * Math.max(size, 1e-6);
      assertThat((double) y[i]).as("at %s", x[i]).isCloseTo(expected, within(allowed));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gateMultipliesTheActivation(Activation activation) {
    Random random = new Random(5);
    float[] gate = Samples.floats(random, 83);
    float[] up = Samples.floats(random, 83);
    float[] out = gate.clone();
    kernels().gate(activation, out, up, 2, 80);
    for (int i = 0; i < 83; i++) {
      boolean inside = i >= 2 && i < 82;
      double expected = inside ? Reference.activation(activation, gate[i]) * up[i] : gate[i];
      assertThat(out[i])
          .isCloseTo((float) expected, within(1e-6f)); // values below 4, few roundings
    }
  }

  @Test
  void nanIsNotHidden() {
    for (Activation activation : Activation.values()) {
      float[] x = new float[40];
      x[3] = Float.NaN;
      x[39] = Float.NaN;
      kernels().activate(activation, x, 0, 40);
      assertThat(x[3]).isNaN();
      assertThat(x[39]).isNaN();
    }
  }

  @Test
  void softCapIsAScaledTanh() {
    float[] x = line();
    float[] y = x.clone();
    kernels().softCap(y, 0, y.length, 7.5f);
    for (int i = 0; i < x.length; i++) {
      assertClose(y[i], 7.5 * Math.tanh(x[i] / 7.5));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 257})
  void softmaxSumsToOne(int n) {
    float[] x = Samples.floats(new Random(6), n + 2);
    float[] y = x.clone();
    kernels().softmax(y, 1, n);
    double sum = 0;
    for (int i = 1; i <= n; i++) {
      sum += Math.exp(x[i]);
    }
    for (int i = 1; i <= n; i++) {
      assertClose(y[i], Math.exp(x[i]) / sum);
    }
    assertThat(y[0]).isEqualTo(x[0]);
    assertThat(y[n + 1]).isEqualTo(x[n + 1]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 64, 257, 49_152, 262_144})
  void logSumExpIsTheLogarithmOfTheSumOfPowers(int n) {
    float[] x = Samples.floats(new Random(6), n + 2);
    double sum = 0;
    for (int i = 1; i <= n; i++) {
      x[i] = 5 * x[i] + 1000; // exp(1000) is beyond double
      sum += Math.exp((double) x[i] - 1000);
    }
    x[0] = 2000;
    x[n + 1] = 2000;
    // x - max is rounded once (2^-24 of at most 50), and 256 floats are added before a double is
    assertThat(kernels().logSumExp(x, 1, n)).isCloseTo(1000 + Math.log(sum), within(5e-6));
  }

  @Test
  void logSumExpOfForbiddenElementsAndOfEqualOnes() {
    float[] x = new float[100];
    Arrays.fill(x, Float.NEGATIVE_INFINITY);
    assertThat(kernels().logSumExp(x, 0, 100)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(kernels().logSumExp(x, 0, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
    x[17] = -3;
    assertThat(kernels().logSumExp(x, 0, 100)).isEqualTo(-3);
    Arrays.fill(x, -40);
    assertThat(kernels().logSumExp(x, 0, 100)).isCloseTo(-40 + Math.log(100), within(1e-6));
    x[50] = Float.NaN;
    assertThat(kernels().logSumExp(x, 0, 100)).isNaN();
  }

  @Test
  void addAndScaleTouchOnlyTheirRange() {
    float[] x = Samples.floats(new Random(7), 50);
    float[] y = Samples.floats(new Random(8), 50);
    float[] sum = x.clone();
    kernels().add(sum, 5, y, 2, 43, 0.5f);
    for (int i = 0; i < 50; i++) {
      double expected = i >= 5 && i < 48 ? x[i] + 0.5 * y[i - 3] : x[i];
      assertThat(sum[i]).isCloseTo((float) expected, within(1e-7f)); // exact but for one rounding
    }
    float[] scaled = x.clone();
    kernels().scale(scaled, 5, 43, 3);
    for (int i = 0; i < 50; i++) {
      assertThat(scaled[i]).isEqualTo(i >= 5 && i < 48 ? x[i] * 3 : x[i]);
    }
  }

  @Test
  void anElementDoesNotDependOnItsRange() {
    float[] x = Samples.floats(new Random(9), 77);
    float[] whole = x.clone();
    kernels().activate(Activation.SILU, whole, 0, 77);
    for (int cut : new int[] {1, 8, 13, 30}) {
      float[] parts = x.clone();
      kernels().activate(Activation.SILU, parts, 0, cut);
      kernels().activate(Activation.SILU, parts, cut, 77 - cut);
      assertThat(parts).isEqualTo(whole);
    }
  }

  /// Formulas in double; erf by numerical integration, so that it shares nothing with the code.
  private static final class Reference {
    static double activation(Activation activation, double x) {
      return switch (activation) {
        case SILU -> x / (1 + Math.exp(-x));
        case GELU_TANH ->
            x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        case GELU -> x / 2 * (1 + erf(x / Math.sqrt(2)));
        case RELU -> Math.max(x, 0);
      };
    }

    static double erf(double z) {
      double end = Math.clamp(z, -6, 6);
      int steps = 400; // Simpson's rule: error ~ (6/400)^4
      double sum = 1 + Math.exp(-end * end);
      for (int i = 1; i < steps; i++) {
        double t = end * i / steps;
        sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-t * t);
      }
      return 2 / Math.sqrt(Math.PI) * sum * end / steps / 3;
    }
  }

  @Test
  void emptyRangesAreNoWork() {
    float[] x = {1, 2};
    kernels().activate(Activation.GELU, x, 1, 0);
    kernels().add(x, 0, x, 1, 0, 3);
    kernels().softmax(x, 0, 0);
    assertThat(x).containsExactly(1, 2);
  }
}
