package dev.farspan.training.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/// Gradients for the price of a second forward pass instead of the memory of the first: only what
/// each layer reads is kept, and on the way back one layer at a time is computed again and
/// differentiated (activation checkpointing: Chen et al., arXiv 1604.06174, section 3; a segment is
/// a layer).
///
/// The operations on each tensor are those of an ordinary backward pass, so the gradients are the
/// same bits.
///
/// @param layers how many
/// @param layer computes one of them
record Recomputation(int layers, Layer layer) {

  /// (rows, tokens, hidden) to the same shape.
  interface Layer {
    Tensor apply(int index, Tensor x);
  }

  /// Adds the gradients of a loss to what it depends on.
  ///
  /// @param x what the first layer reads (rows, tokens, hidden), with its graph if it has one
  /// @param loss from what the last layer gives to one number
  /// @return the loss
  double backward(Tensor x, UnaryOperator<Tensor> loss) {
    Deque<Tensor> inputs = inputs(x);
    double value;
    Tensor gradient;
    try (Tensor top = inputs.pop();
        PointerScope _ = new PointerScope()) {
      Tensor input = leaf(top);
      Tensor result = loss.apply(input);
      result.backward();
      value = result.item_double();
      gradient = retained(gradientOf(input));
    }
    for (int index = layers - 1; index >= 0; index--) {
      gradient = through(index, inputs.pop(), gradient);
    }
    try (Tensor last = gradient) {
      if (x.requires_grad()) {
        backward(x, last);
      }
    }
    return value;
  }

  /// What each layer reads, the last one's on top of the others, and above it what that gives.
  private Deque<Tensor> inputs(Tensor x) {
    Deque<Tensor> inputs = new ArrayDeque<>();
    try (NoGradGuard _ = new NoGradGuard()) {
      inputs.push(kept(x::detach));
      for (int l = 0; l < layers; l++) {
        int index = l;
        Tensor input = inputs.element();
        inputs.push(kept(() -> layer.apply(index, input)));
      }
    }
    return inputs;
  }

  /// From the gradient of what a layer gives to that of what it read; frees both arguments.
  private Tensor through(int index, Tensor read, Tensor gradient) {
    try (read;
        gradient) {
      return kept(
          () -> {
            Tensor input = leaf(read);
            backward(layer.apply(index, input), gradient);
            return gradientOf(input);
          });
    }
  }

  private static void backward(Tensor result, Tensor gradient) {
    result.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  /// The same values, where a graph begins.
  private static Tensor leaf(Tensor x) {
    return x.detach().requires_grad_(true);
  }

  /// [Tensor#grad] points into its tensor and is freed with it.
  private static Tensor gradientOf(Tensor input) {
    return input.grad().detach();
  }

  /// Frees all that a computation makes but its result.
  private static Tensor kept(Supplier<Tensor> computation) {
    try (PointerScope _ = new PointerScope()) {
      return retained(computation.get());
    }
  }

  private static Tensor retained(Tensor x) {
    x.retainReference();
    return x;
  }
}
