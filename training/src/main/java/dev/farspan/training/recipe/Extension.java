package dev.farspan.training.recipe;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import tools.jackson.databind.node.ObjectNode;

/// How the frequencies change for a longer context: in training, and in the model's configuration
/// afterwards.
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

  /// Writes the extension into a Hugging Face configuration.
  ///
  /// @param config the configuration, changed in place
  /// @param base the rotary embedding as trained
  /// @param target positions to reach
  default void write(ObjectNode config, RopeBase base, int target) {
    double factor = (double) target / base.trainedLength();
    if (!(this instanceof Keep)) {
      config.put("max_position_embeddings", target);
    }
    switch (this) {
      case Keep() -> {}
      case Linear() -> scaling(config, "linear", factor);
      case Yarn() ->
          scaling(config, "yarn", factor)
              .put("original_max_position_embeddings", base.trainedLength());
      case Ntk() -> config.put("rope_theta", ntkTheta(base, factor));
      case Base(double theta) -> config.put("rope_theta", theta);
    }
  }

  /// `b * s^(d / (d - 2))` (arXiv 2309.00071, section 3.1), which an engine knows as a plain base.
  private static double ntkTheta(RopeBase base, double factor) {
    int d = base.rotaryDim();
    return d == 2 ? base.theta() : base.theta() * Math.pow(factor, (double) d / (d - 2));
  }

  private static ObjectNode scaling(ObjectNode config, String type, double factor) {
    return config.putObject("rope_scaling").put("rope_type", type).put("factor", factor);
  }
}
