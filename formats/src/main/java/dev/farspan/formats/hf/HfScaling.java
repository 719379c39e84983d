package dev.farspan.formats.hf;

import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.Stages;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How `config.json` expresses one frequency policy: `rope_type` and what belongs to it.
///
/// A table that has no type of its own is written as `longrope` with the same divisors for short
/// and long texts, which transformers computes exactly.
final class HfScaling {
  static final String ORIGINAL = "original_max_position_embeddings";
  static final String TYPE = "rope_type";
  static final String DEFAULT = "default";
  static final String LONGROPE = "longrope";

  /// The only types of phi3 (transformers `configuration_phi3.py`).
  private static final Set<Object> PHI3 = Set.of(DEFAULT, LONGROPE);

  private static final String FACTOR = "factor";
  private static final String SHORT = "short_factor";
  private static final String LONG = "long_factor";
  private static final String ATTENTION = "attention_factor";

  private HfScaling() {}

  static Map<String, Object> of(FrequencyPolicy policy, RopeBase base, String family) {
    Map<String, Object> own = of(policy, base);
    if (!family.equals("phi3") || PHI3.contains(own.get(TYPE))) {
      return own;
    }
    if (policy instanceof FrequencyPolicy.DynamicNtk) {
      throw refusal("dynamic-ntk", "phi3 has only longrope");
    }
    return table(policy, base);
  }

  /// transformers 4 takes these three settings of a phi3 and refuses more, deriving the attention
  /// factor from the lengths, which is said besides only where it is another.
  ///
  /// @param length positions that the configuration claims
  static Map<String, Object> forPhi3(Map<String, Object> section, int length) {
    if (!(section.get(ATTENTION) instanceof Double given
        && section.get(ORIGINAL) instanceof Integer original
        && given.floatValue() == (float) RopeTables.longRopeAttention(length, original))) {
      return section;
    }
    Map<String, Object> out = new LinkedHashMap<>(section);
    out.keySet().retainAll(Set.of(SHORT, LONG));
    return with(out, "type", LONGROPE);
  }

  private static Map<String, Object> of(FrequencyPolicy policy, RopeBase base) {
    return switch (policy) {
      case FrequencyPolicy.None _, FrequencyPolicy.Ntk _, FrequencyPolicy.BaseChange _ ->
          type(DEFAULT);
      case FrequencyPolicy.Linear(double factor) -> with(type("linear"), FACTOR, factor);
      case FrequencyPolicy.Yarn yarn -> yarn(yarn, base);
      case FrequencyPolicy.Llama3 llama3 -> llama3(llama3, base);
      case FrequencyPolicy.LongRope longRope -> longRope(longRope, base);
      case FrequencyPolicy.NtkByParts _, FrequencyPolicy.Divisors _ -> table(policy, base);
      case FrequencyPolicy.DynamicNtk(double factor, Stages stages) -> {
        if (!stages.equals(Stages.WHOLE_EXACT)) {
          throw refusal(
              "dynamic-ntk in stages",
              "transformers knows only dynamic-ntk:whole=true,stages=exact");
        }
        yield with(type("dynamic"), FACTOR, factor);
      }
      case FrequencyPolicy.DynamicLinear _ ->
          throw refusal(
              "dynamic-linear", "it has no type whose table grows with the text that way");
      case FrequencyPolicy.DynamicYarn _ ->
          throw refusal(
              "dynamic-yarn",
              "it has no type whose table grows with the text that way; yarn:factor=... is the"
                  + " fixed form");
    };
  }

  private static Map<String, Object> llama3(FrequencyPolicy.Llama3 policy, RopeBase base) {
    Map<String, Object> out = with(type("llama3"), FACTOR, policy.factor());
    out.put("low_freq_factor", policy.low());
    out.put("high_freq_factor", policy.high());
    return with(out, ORIGINAL, RopeTables.original(policy.original(), base));
  }

  private static Map<String, Object> yarn(FrequencyPolicy.Yarn yarn, RopeBase base) {
    Map<String, Object> out = with(type("yarn"), FACTOR, yarn.factor());
    out.put(ORIGINAL, RopeTables.original(yarn.original(), base));
    YarnRamp ramp = yarn.ramp();
    if (!ramp.equals(YarnRamp.DEFAULT)) {
      out.put("beta_fast", ramp.betaFast());
      out.put("beta_slow", ramp.betaSlow());
      out.put("truncate", ramp.truncate());
    }
    switch (yarn.temperature()) {
      case YarnTemperature.FromFactor() -> {}
      case YarnTemperature.Given(double given) -> out.put(ATTENTION, given);
      case YarnTemperature.Mscale(double mscale, double all) when mscale != 0 && all != 0 -> {
        out.put("mscale", mscale);
        out.put("mscale_all_dim", all);
      }
      // transformers ignores the pair where one of it is 0.
      case YarnTemperature.Mscale mscale ->
          out.put(ATTENTION, mscale.attentionFactor(yarn.factor()));
    }
    return out;
  }

  private static Map<String, Object> longRope(FrequencyPolicy.LongRope policy, RopeBase base) {
    boolean changes = !policy.shortFactors().equals(policy.longFactors());
    if (changes && !policy.whole()) {
      throw refusal(
          "longrope by position",
          "transformers computes a prompt with the factors of its whole length; take"
              + " longrope:...,whole=true");
    }
    int original = RopeTables.original(policy.original(), base);
    RopeTable table = RopeTables.of(policy, base, original);
    return lists(
        new Lists(policy.shortFactors(), policy.longFactors()), table.attentionFactor(), original);
  }

  private static Map<String, Object> table(FrequencyPolicy policy, RopeBase base) {
    RopeTable table = RopeTables.of(policy, base, base.trainedLength());
    List<Double> divisors = RopeTables.divisors(policy, base);
    return lists(new Lists(divisors, divisors), table.attentionFactor(), base.trainedLength());
  }

  /// Divisors up to the original length, and beyond it.
  private record Lists(List<Double> within, List<Double> beyond) {}

  private static Map<String, Object> lists(Lists lists, double attentionFactor, int original) {
    Map<String, Object> out = with(type(LONGROPE), SHORT, lists.within());
    out.put(LONG, lists.beyond());
    out.put(ATTENTION, attentionFactor);
    // vLLM's names of it; without them it derives another from the lengths.
    out.put("short_mscale", attentionFactor);
    out.put("long_mscale", attentionFactor);
    return with(out, ORIGINAL, original);
  }

  private static Map<String, Object> type(String name) {
    return with(new LinkedHashMap<>(), TYPE, name);
  }

  private static Map<String, Object> with(Map<String, Object> out, String key, Object value) {
    out.put(key, value);
    return out;
  }

  private static IllegalArgumentException refusal(String method, String reason) {
    return new IllegalArgumentException("config.json can't express " + method + ": " + reason);
  }
}
