package dev.farspan.formats.hf;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Writes rotary embeddings into the settings of a `config.json`, in the form of transformers 4, or
/// in those of 4 and 5 side by side. What was there before goes.
///
/// Source of the keys: transformers 4.57.6 and 5.24 `modeling_rope_utils.py`, of which 5 takes the
/// old keys first, and 4 knows no others: alone, `rope_parameters` are a base of 10000 to it,
/// without an error. [HfConfig] reads both back.
public final class HfRopeWriter {
  /// Where the settings stand.
  public enum Form {
    /// `rope_theta` and `rope_scaling` at the top level (transformers 4, and read by 5).
    OLD,
    /// `rope_parameters` (transformers 5), and the old keys beside them where they say the same.
    V5
  }

  private static final String THETA = "rope_theta";
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";
  private static final String LOCAL_THETA = "rope_local_base_freq";
  private static final String NEOX_THETA = "rotary_emb_base";
  private static final String FRACTION = "partial_rotary_factor";
  private static final String NEOX_FRACTION = "rotary_pct";
  private static final String LENGTH = "max_position_embeddings";
  private static final String SEQUENCE = "max_sequence_length";

  private final ModelConfig model;
  private final Form form;

  /// Makes a writer.
  ///
  /// @param model the model whose configuration is written
  /// @param form where the settings go
  public HfRopeWriter(ModelConfig model, Form form) {
    this.model = model;
    this.form = form;
  }

  /// Returns a configuration with other rotary embeddings.
  ///
  /// @param config the settings, as plain data
  /// @param policies one for each of [ModelConfig#ropes]
  /// @param length positions that the configuration claims
  /// @return all settings, the changed ones last
  /// @throws IllegalArgumentException in one sentence, if no setting expresses a policy
  public Map<String, Object> write(
      Map<String, ?> config, List<FrequencyPolicy> policies, int length) {
    Optional<Object> fraction = fraction(config);
    Map<String, Object> out = new LinkedHashMap<>(config);
    for (String key :
        List.of(THETA, SCALING, PARAMETERS, LOCAL_THETA, NEOX_THETA, FRACTION, NEOX_FRACTION)) {
      out.remove(key);
    }
    out.keySet().removeAll(List.of(HfScaling.ORIGINAL, SEQUENCE));
    int main = model.mainRopeIndex();
    boolean fromTrained = policies.get(main) instanceof FrequencyPolicy.DynamicNtk;
    // transformers takes the length from which `dynamic` grows from the same key.
    out.put(LENGTH, fromTrained ? model.trainedLength() : length);
    if (policies.get(main) instanceof FrequencyPolicy.Linear) {
      out.put(SEQUENCE, length); // else it is open whether the scaling comes on top of the length
    }
    if (form == Form.V5) {
      putV5(out, policies, length, fraction);
    }
    if (form == Form.OLD || !scalesSliding(policies)) {
      putOld(out, policies, length, fraction);
    }
    if (isPhi3()
        || HfScaling.LONGROPE.equals(section(main, policies, length).get(HfScaling.TYPE))) {
      // transformers 4 reads that of longrope at the top level only.
      out.put(HfScaling.ORIGINAL, original(policies.get(main)));
    }
    return out;
  }

  private int original(FrequencyPolicy policy) {
    return policy instanceof FrequencyPolicy.LongRope longRope && longRope.original() != 0
        ? longRope.original()
        : model.trainedLength();
  }

  private void putOld(
      Map<String, Object> out,
      List<FrequencyPolicy> policies,
      int length,
      Optional<Object> fraction) {
    for (int i = 0; i < policies.size(); i++) {
      RopeConfig rope = model.ropes().get(i);
      Map<String, Object> section = section(i, policies, length);
      boolean local = rope.name().equals(RopeFacts.SLIDING);
      boolean plain = HfScaling.DEFAULT.equals(section.get(HfScaling.TYPE));
      if (local && !plain) {
        throw new IllegalArgumentException(
            "the old form of config.json can't scale the sliding layers of "
                + model.family()
                + ": take the form v5");
      }
      out.put(thetaKey(local), RopeTables.theta(policies.get(i), rope.base()));
      // gpt-oss without the key would be taken for YaRN.
      if (!plain || model.family().equals("gpt_oss")) {
        out.put(SCALING, section);
      }
    }
    fraction.ifPresent(value -> out.put(isNeox() ? NEOX_FRACTION : FRACTION, value));
  }

  private String thetaKey(boolean local) {
    if (isNeox()) {
      return NEOX_THETA;
    }
    return local ? LOCAL_THETA : THETA;
  }

  private void putV5(
      Map<String, Object> out,
      List<FrequencyPolicy> policies,
      int length,
      Optional<Object> fraction) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (int i = 0; i < policies.size(); i++) {
      RopeConfig rope = model.ropes().get(i);
      Map<String, Object> section = section(i, policies, length);
      section.put(THETA, RopeTables.theta(policies.get(i), rope.base()));
      fraction.ifPresent(value -> section.put(FRACTION, value));
      if (rope.name().equals(RopeReading.ALL)) {
        all.putAll(section);
      } else {
        all.put(rope.name(), section);
      }
    }
    out.put(PARAMETERS, all);
  }

  private Map<String, Object> section(int index, List<FrequencyPolicy> policies, int length) {
    RopeBase base = model.ropes().get(index).base();
    Map<String, Object> section = HfScaling.of(policies.get(index), base, model.family());
    return isPhi3() ? HfScaling.forPhi3(section, length) : section;
  }

  /// Whether there is a scaling that the old keys have no place for.
  private boolean scalesSliding(List<FrequencyPolicy> policies) {
    return IntStream.range(0, policies.size())
        .anyMatch(
            i ->
                model.ropes().get(i).name().equals(RopeFacts.SLIDING)
                    && !HfScaling.DEFAULT.equals(
                        HfScaling.of(policies.get(i), model.ropes().get(i).base(), model.family())
                            .get(HfScaling.TYPE)));
  }

  private boolean isPhi3() {
    return model.family().equals("phi3");
  }

  private boolean isNeox() {
    return model.family().equals("gpt_neox");
  }

  /// The rotated share of a head, wherever the configuration has it.
  private static Optional<Object> fraction(Map<String, ?> config) {
    for (String object : List.of(PARAMETERS, SCALING)) {
      if (config.get(object) instanceof Map<?, ?> section && section.get(FRACTION) != null) {
        return Optional.ofNullable(section.get(FRACTION));
      }
    }
    return Optional.<Object>ofNullable(config.get(FRACTION))
        .or(() -> Optional.ofNullable(config.get(NEOX_FRACTION)));
  }
}
