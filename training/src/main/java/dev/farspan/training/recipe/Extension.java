package dev.farspan.training.recipe;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;

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
      case Base(double theta) -> new FrequencyPolicy.BaseChange(theta);
    };
  }
}
