package dev.farspan.planner.shape;

import dev.farspan.tensor.DType;
import dev.farspan.tensor.Tensor;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Names the types that weights are stored as.
final class TypeShares {
  private TypeShares() {}

  /// The types that hold bytes, the largest share first.
  static String describe(Collection<Tensor> tensors) {
    Map<DType, Long> bytes = new EnumMap<>(DType.class);
    for (Tensor tensor : tensors) {
      bytes.merge(tensor.dtype(), tensor.dtype().bytes(tensor.shape().elements()), Long::sum);
    }
    return bytes.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(entry -> entry.getKey().name())
        .collect(Collectors.joining(", "));
  }
}
