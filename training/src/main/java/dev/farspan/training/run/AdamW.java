package dev.farspan.training.run;

import static org.bytedeco.pytorch.global.torch.zeros_like;

import dev.farspan.training.model.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// AdamW with its state in the open, so that a checkpoint holds all of it.
final class AdamW implements AutoCloseable {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;

  private final Parameters parameters;
  private final double weightDecay;
  private final Map<String, Moments> moments = new LinkedHashMap<>();

  /// What the optimiser remembers of one parameter's gradients.
  ///
  /// @param mean running mean of the gradients
  /// @param square running mean of their squares
  record Moments(Tensor mean, Tensor square) {}

  AdamW(Parameters parameters, double weightDecay) {
    this.parameters = parameters;
    this.weightDecay = weightDecay;
    for (String name : parameters.trained()) {
      try (NoGradGuard _ = new NoGradGuard()) {
        Tensor parameter = parameters.get(name);
        moments.put(name, new Moments(zeros_like(parameter), zeros_like(parameter)));
      }
    }
  }

  /// Returns what is remembered, by parameter.
  Map<String, Moments> moments() {
    return moments;
  }

  /// Returns the gradients that there are.
  List<Tensor> gradients() {
    return moments.keySet().stream()
        .map(name -> parameters.get(name).mutable_grad())
        .filter(Tensor::defined)
        .toList();
  }

  /// Forgets the gradients.
  void clear() {
    gradients().forEach(Tensor::zero_);
  }

  /// Changes the parameters; `step` counts from 1.
  void step(int step, double rate) {
    double first = 1 - Math.pow(BETA1, step);
    double second = 1 - Math.pow(BETA2, step);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      moments.forEach((name, own) -> update(parameters.get(name), own, rate / first, second, rate));
    }
  }

  private void update(Tensor parameter, Moments own, double pace, double second, double rate) {
    Tensor gradient = parameter.grad();
    own.mean().mul_(new Scalar(BETA1)).add_(gradient, new Scalar(1 - BETA1));
    own.square().mul_(new Scalar(BETA2)).addcmul_(gradient, gradient, new Scalar(1 - BETA2));
    if (weightDecay > 0 && parameter.dim() > 1) {
      parameter.mul_(new Scalar(1 - rate * weightDecay));
    }
    Tensor root = own.square().sqrt().div_(new Scalar(Math.sqrt(second)));
    parameter.addcdiv_(own.mean(), root.add_(new Scalar(EPSILON)), new Scalar(-pace));
  }

  @Override
  public void close() {
    for (Moments own : moments.values()) {
      own.mean().close();
      own.square().close();
    }
  }
}
