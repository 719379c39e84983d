package dev.farspan.export;

import dev.farspan.context.rope.FrequencyPolicy;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What vLLM makes of a frequency policy in `config.json` where transformers makes something else
/// of it.
///
/// Source: vLLM `model_executor/layers/rotary_embedding` (`dynamic_ntk_scaling_rope.py`,
/// `phi3_long_rope_scaled_rope.py`) and `config/model.py` (`_get_and_verify_max_len`).
final class Vllm {
  /// Families whose length it does not multiply: by exception, and because a phi3 has tables only.
  private static final Set<String> AS_IT_STANDS = Set.of("gemma3_text", "phi3");

  private Vllm() {}

  /// Whether its frequencies are those of the policy.
  static boolean computes(FrequencyPolicy policy) {
    return !(policy instanceof FrequencyPolicy.Dynamic);
  }

  /// Returns what is to be known about it.
  ///
  /// @param family the model's, such as `llama`
  /// @param length positions that the files claim
  /// @return a sentence, or empty if there is nothing to know
  static Optional<String> remark(FrequencyPolicy policy, String family, int length) {
    return switch (policy) {
      case FrequencyPolicy.Dynamic _ ->
          Optional.of(
              "vLLM has no table that grows with the text, and computes these files with a fixed one"
                  + " (with a factor of 1 that of the model without scaling): run them with transformers");
      case FrequencyPolicy.Linear(double factor) when !AS_IT_STANDS.contains(family) ->
          Optional.of(
              String.format(
                  Locale.ROOT,
                  "vLLM takes the length in the files for the one before linear scaling: without"
                      + " --max-model-len it makes room for %,d tokens",
                  (long) (length * factor)));
      case FrequencyPolicy.LongRope longRope
          when !longRope.shortFactors().equals(longRope.longFactors()) ->
          Optional.of(
              "vLLM chooses between the short and the long divisors by --max-model-len, transformers"
                  + " by the length of the text");
      case FrequencyPolicy.LongRope _,
          FrequencyPolicy.Linear _,
          FrequencyPolicy.None _,
          FrequencyPolicy.Ntk _,
          FrequencyPolicy.BaseChange _,
          FrequencyPolicy.NtkByParts _,
          FrequencyPolicy.Yarn _,
          FrequencyPolicy.Llama3 _,
          FrequencyPolicy.Divisors _ ->
          Optional.empty();
    };
  }
}
