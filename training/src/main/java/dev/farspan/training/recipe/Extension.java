package dev.farspan.training.recipe;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.Collections;
import java.util.List;

/// How the frequencies change for a longer context.
sealed interface Extension {
  /// Not at all.
  record Keep() implements Extension {}

  /// Position interpolation.
  record Linear() implements Extension {}

  /// NTK-aware base.
  record Ntk() implements Extension {}

  /// YaRN.
  record Yarn() implements Extension {}

  /// LongRoPE: what is trained up to the trained length, searched divisors beyond.
  ///
  /// @param factors one divisor for each pair of dimensions
  record LongRope(List<Double> factors) implements Extension {
    /// Copies the list.
    public LongRope {
      factors = List.copyOf(factors);
    }
  }

  /// Another base.
  ///
  /// @param theta the base
  record Base(double theta) implements Extension {}

  /// Returns the frequency policy that reaches a length.
  ///
  /// @param base the rotary embedding as trained
  /// @param target positions to reach
  /// @return the policy
  default FrequencyPolicy policy(RopeBase base, int target) {
    double factor = (double) target / base.trainedLength();
    return switch (this) {
      case Keep() -> new FrequencyPolicy.None();
      case Linear() -> new FrequencyPolicy.Linear(factor);
      case Ntk() -> new FrequencyPolicy.Ntk(factor);
      case Yarn() ->
          new FrequencyPolicy.Yarn(
              factor, base.trainedLength(), YarnRamp.DEFAULT, new YarnTemperature.FromFactor());
      case LongRope(List<Double> factors) ->
          new FrequencyPolicy.LongRope(
              Collections.nCopies(factors.size(), 1.0),
              factors,
              base.trainedLength(),
              Double.NaN,
              factor,
              true);
      case Base(double theta) -> new FrequencyPolicy.BaseChange(theta);
    };
  }
}
