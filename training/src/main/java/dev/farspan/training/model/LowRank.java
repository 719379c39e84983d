package dev.farspan.training.model;

import java.util.List;

/// Low-rank adapters (LoRA, Hu et al., arXiv 2106.09685, section 4.1): `W x + alpha / rank * B A x`
/// with `W` frozen, `A` random and `B` zero at first.
///
/// @param rank rows of A and columns of B
/// @param alpha scale of what an adapter adds, times the rank
/// @param targets names of the maps that get one, such as `q_proj`
public record LowRank(int rank, double alpha, List<String> targets) {
  /// Copies the list and checks the values.
  ///
  /// @throws IllegalArgumentException if the rank or alpha is not positive, or a target unknown
  public LowRank {
    targets = List.copyOf(targets);
    if (rank < 1 || !(alpha > 0) || Double.isInfinite(alpha) || targets.isEmpty()) {
      throw new IllegalArgumentException(
          "LoRA needs a positive rank and alpha and at least one target, got rank=%d alpha=%s %s"
              .formatted(rank, alpha, targets));
    }
    List<String> known =
        List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
    for (String target : targets) {
      if (!known.contains(target)) {
        throw new IllegalArgumentException(
            "no map '" + target + "' for LoRA; known: " + String.join(", ", known));
      }
    }
  }

  /// Returns the factor on `B A x`.
  ///
  /// @return alpha over rank
  public double scale() {
    return alpha / rank;
  }

  boolean covers(String weight) {
    return targets.stream().anyMatch(target -> weight.endsWith("." + target + ".weight"));
  }
}
