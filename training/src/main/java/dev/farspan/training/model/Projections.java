package dev.farspan.training.model;

import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.matmul;

import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// The linear maps of a model by name, with the adapters on some of them.
final class Projections {
  private static final String WEIGHT = ".weight";
  private static final String DOWN = ".lora_A";
  private static final String UP = ".lora_B";

  private final Parameters parameters;
  private final ScalarType compute;
  private @Nullable LowRank adapters;

  Projections(Parameters parameters, ScalarType compute) {
    this.parameters = parameters;
    this.compute = compute;
  }

  /// Returns the type that products are computed in.
  ScalarType compute() {
    return compute;
  }

  /// Returns `W x + b`, and what the map's adapter adds.
  Tensor apply(String name, Tensor x) {
    Tensor w = cast(parameters.get(name + WEIGHT));
    Tensor y =
        parameters.has(name + ".bias")
            ? linear(x, w, new TensorOptional(cast(parameters.get(name + ".bias"))))
            : linear(x, w);
    LowRank low = adapters;
    if (low == null || !parameters.has(name + DOWN)) {
      return y;
    }
    Tensor inner = linear(x, cast(parameters.get(name + DOWN)));
    return y.add(linear(inner, cast(parameters.get(name + UP))).mul(new Scalar(low.scale())));
  }

  /// Returns the logits of normalised rows.
  Tensor head(Tensor x, boolean tied) {
    return linear(x, cast(parameters.get(tied ? ParameterNames.EMBEDDING : ParameterNames.HEAD)));
  }

  void adapt(LowRank low, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> covered = parameters.all().keySet().stream().filter(low::covers).toList();
    for (String weight : covered) {
      String name = weight.substring(0, weight.length() - WEIGHT.length());
      Tensor w = parameters.get(weight);
      int in = Math.toIntExact(w.size(1));
      // Kaiming's uniform with a = sqrt(5), as the authors' code draws A: bounds of 1 / sqrt(in).
      float[] a = new float[low.rank() * in];
      double bound = 1 / Math.sqrt(in);
      for (int i = 0; i < a.length; i++) {
        a[i] = (float) random.nextDouble(-bound, bound);
      }
      int out = Math.toIntExact(w.size(0));
      parameters.put(name + DOWN, Torch.floats(a, low.rank(), in));
      parameters.put(name + UP, Torch.floats(new float[out * low.rank()], out, low.rank()));
    }
    adapters = low;
  }

  void merge() {
    LowRank low = adapters;
    if (low == null) {
      return;
    }
    try (NoGradGuard _ = new NoGradGuard()) {
      for (String down :
          parameters.all().keySet().stream().filter(n -> n.endsWith(DOWN)).toList()) {
        String name = down.substring(0, down.length() - DOWN.length());
        Tensor added =
            matmul(parameters.get(name + UP), parameters.get(down)).mul(new Scalar(low.scale()));
        parameters.get(name + WEIGHT).add_(added);
        parameters.remove(down);
        parameters.remove(name + UP);
      }
    }
    adapters = null;
  }

  private Tensor cast(Tensor tensor) {
    return tensor.to(compute);
  }
}
