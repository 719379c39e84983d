package dev.farspan.training.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/// Gradients against central differences in double precision.
final class FiniteDifferences {
  private static final double STEP = 1e-5;

  private final Function<Tensor, Tensor> loss;
  private final long[] shape;

  /// `loss`: one number of a tensor of a shape.
  FiniteDifferences(Function<Tensor, Tensor> loss, long... shape) {
    this.loss = loss;
    this.shape = shape;
  }

  /// Fails unless every element's gradient is within a tolerance: the differences err by 1e-10
  /// times third derivatives, and the gradient is read as a float.
  void agree(double[] values, double tolerance) {
    double[] moved = values.clone();
    try (PointerScope _ = new PointerScope()) {
      Tensor x = Torch.doubles(values, shape).requires_grad_(true);
      loss.apply(x).backward();
      float[] gradient = Torch.toFloats(x.grad());
      for (int i = 0; i < values.length; i++) {
        moved[i] = values[i] + STEP;
        double above = value(moved);
        moved[i] = values[i] - STEP;
        double below = value(moved);
        moved[i] = values[i];
        assertThat((double) gradient[i]).isCloseTo((above - below) / (2 * STEP), within(tolerance));
      }
    }
  }

  private double value(double[] values) {
    try (PointerScope _ = new PointerScope()) {
      return loss.apply(Torch.doubles(values, shape)).item_double();
    }
  }
}
