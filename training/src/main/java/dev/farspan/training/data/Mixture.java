package dev.farspan.training.data;

import java.util.List;
import java.util.random.RandomGenerator;

/// Examples of several sources, each with its share.
///
/// @param parts sources and shares
public record Mixture(List<Part> parts) implements ExampleSource {
  /// A source and how often it is drawn from.
  ///
  /// @param share of all shares together
  /// @param source where the examples come from
  public record Part(double share, ExampleSource source) {
    /// Checks the share.
    ///
    /// @throws IllegalArgumentException if it is not positive and finite
    public Part {
      if (!(share > 0) || Double.isInfinite(share)) {
        throw new IllegalArgumentException("a share must be positive and finite, got " + share);
      }
    }
  }

  /// Copies the list.
  ///
  /// @throws IllegalArgumentException if it is empty
  public Mixture {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a mixture needs at least one source");
    }
  }

  @Override
  public Example draw(RandomGenerator random, int length) {
    double at = random.nextDouble() * parts.stream().mapToDouble(Part::share).sum();
    for (Part part : parts) {
      at -= part.share();
      if (at < 0) {
        return part.source().draw(random, length);
      }
    }
    return parts.getLast().source().draw(random, length);
  }
}
