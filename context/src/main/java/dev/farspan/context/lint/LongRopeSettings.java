package dev.farspan.context.lint;

import dev.farspan.context.rope.FrequencyPolicy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// LongRoPE's divisors (transformers `_compute_longrope_parameters`).
final class LongRopeSettings {
  private LongRopeSettings() {}

  static Optional<FrequencyPolicy> read(Settings own, int pairs, int original, double factor) {
    Optional<List<Double>> shortFactors = divisors(own, "short_factor", pairs);
    Optional<List<Double>> longFactors = divisors(own, "long_factor", pairs);
    OptionalDouble attentionFactor = own.number("attention_factor");
    if (attentionFactor.isPresent() && !(attentionFactor.getAsDouble() > 0)) {
      own.error(
          "attention_factor", "is " + attentionFactor.getAsDouble() + " but must be positive");
      return Optional.empty();
    }
    if (attentionFactor.isEmpty() && original == 1) {
      own.error(RopeSection.ORIGINAL, "is 1, but the attention factor divides by its logarithm");
    }
    warnOfOtherFactor(own, "short_mscale", attentionFactor);
    warnOfOtherFactor(own, "long_mscale", attentionFactor);
    if (shortFactors.isEmpty() || longFactors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new FrequencyPolicy.LongRope(
            shortFactors.get(),
            longFactors.get(),
            original,
            attentionFactor.orElse(Double.NaN),
            factor,
            true));
  }

  /// vLLM's names of the attention factor.
  private static void warnOfOtherFactor(Settings own, String key, OptionalDouble attentionFactor) {
    OptionalDouble given = own.number(key);
    if (given.isPresent() && !given.equals(attentionFactor)) {
      own.warn(
          key,
          "is %s, which vLLM takes for the attention factor, and transformers ignores"
              .formatted(given.getAsDouble()));
    }
  }

  private static Optional<List<Double>> divisors(Settings own, String key, int pairs) {
    if (!own.has(key)) {
      own.error(key, "is missing, but rope_type longrope needs it");
      return Optional.empty();
    }
    Optional<List<Double>> divisors = own.numbers(key);
    if (divisors.isEmpty()) {
      return divisors;
    }
    List<Double> list = divisors.get();
    if (list.size() != pairs) {
      own.error(key, "has " + list.size() + " numbers, but " + pairs + " pairs are rotated");
      return Optional.empty();
    }
    if (!list.stream().allMatch(divisor -> divisor > 0 && Double.isFinite(divisor))) {
      own.error(key, "must hold positive numbers only");
      return Optional.empty();
    }
    return divisors;
  }
}
