package dev.farspan.context.method;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.Stages;

/// Which frequencies a request asks for.
public sealed interface Frequencies {

  /// The scaling the model's file carries.
  ///
  /// @param stages when a dynamic scaling of the file renews its table
  record File(Stages stages) implements Frequencies {
    /// The file's scaling as transformers computes it.
    public static final File AS_TRANSFORMERS = new File(Stages.WHOLE_EXACT);

    /// Returns the file's policy with these stages in force.
    ///
    /// @param scaling the scaling the file carries
    /// @return the same method, renewed as this choice says
    public FrequencyPolicy apply(FrequencyPolicy scaling) {
      return switch (scaling) {
        case FrequencyPolicy.DynamicLinear p ->
            new FrequencyPolicy.DynamicLinear(p.factor(), stages);
        case FrequencyPolicy.DynamicNtk p -> new FrequencyPolicy.DynamicNtk(p.factor(), stages);
        case FrequencyPolicy.DynamicYarn p -> new FrequencyPolicy.DynamicYarn(p.factor(), stages);
        case FrequencyPolicy.LongRope p ->
            new FrequencyPolicy.LongRope(
                p.shortFactors(),
                p.longFactors(),
                p.original(),
                p.attentionFactor(),
                p.factor(),
                stages.whole());
        case FrequencyPolicy.Fixed _ -> scaling;
      };
    }
  }

  /// A policy named in the request; it replaces the file's.
  ///
  /// @param policy the method
  record Named(FrequencyPolicy policy) implements Frequencies {}
}
