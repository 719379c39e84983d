package dev.farspan.formats.gguf;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.RopeTable;
import dev.farspan.context.rope.RopeTables;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import dev.farspan.tensor.Shape;
import dev.farspan.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Writes rotary embeddings as the keys and tensors that llama.cpp reads.
///
/// llama.cpp's YaRN multiplies cosine and sine by `attn_factor * (1 + 0.1 ln s)`, where
/// transformers takes the attention factor as it stands: `attn_factor` makes up for the difference.
/// Source: llama.cpp `src/llama-context.cpp`, `ggml/src/ggml-cpu/ops.cpp` (`rope_yarn`),
/// `src/models/*.cpp`.
public final class GgufRopeWriter {
  /// The tensors of divisors that a file may carry.
  public static final Set<String> TENSORS =
      Set.of(GgufRope.DIVISORS, GgufRope.LONG, GgufRope.SHORT);

  private final GgufArchitecture architecture;
  private final ModelConfig model;
  private final Map<String, GgufValue> keys = new LinkedHashMap<>();
  private final List<Tensor> tensors = new ArrayList<>();

  /// Rotary embeddings as a GGUF file holds them.
  ///
  /// @param keys keys of the architecture, its name included, in order
  /// @param tensors tensors of divisors; often none
  public record Written(Map<String, GgufValue> keys, List<Tensor> tensors) {
    /// Copies the list.
    public Written {
      tensors = List.copyOf(tensors);
    }
  }

  private GgufRopeWriter(GgufArchitecture architecture, ModelConfig model) {
    this.architecture = architecture;
    this.model = model;
  }

  /// Returns the keys and tensors of rotary embeddings.
  ///
  /// @param architecture name of the architecture in GGUF, such as `llama`
  /// @param model the model
  /// @param policies one for each of [ModelConfig#ropes]
  /// @param length positions that the file claims
  /// @return what a file of that architecture is to hold
  /// @throws IllegalArgumentException in one sentence, if the architecture is not known, or nothing
  ///   that llama.cpp reads expresses a policy
  public static Written write(
      String architecture, ModelConfig model, List<FrequencyPolicy> policies, int length) {
    GgufArchitecture known =
        GgufArchitecture.named(architecture)
            .orElseThrow(
                () -> new IllegalArgumentException("GGUF has no architecture " + architecture));
    GgufRopeWriter writer = new GgufRopeWriter(known, model);
    writer.putAll(policies, length);
    return new Written(writer.keys, writer.tensors);
  }

  /// Returns whether a key of a file belongs to what [#write] writes anew.
  ///
  /// @param architecture name of the architecture
  /// @param key a key of the file
  /// @return whether it says how positions are counted, or how many there are
  public static boolean replaces(String architecture, String key) {
    String own = key.startsWith(architecture + ".") ? key.substring(architecture.length() + 1) : "";
    return own.equals("context_length")
        || own.equals(GgufRope.BASE)
        || own.equals(GgufRope.LOCAL_BASE)
        || own.equals(GgufRope.LEGACY_FACTOR)
        || own.startsWith("rope.scaling.");
  }

  private void putAll(List<FrequencyPolicy> policies, int length) {
    put("context_length", GgufValue.u32(length));
    for (int i = 0; i < policies.size(); i++) {
      RopeConfig rope = model.ropes().get(i);
      FrequencyPolicy policy = policies.get(i);
      float theta = (float) RopeTables.theta(policy, rope.base());
      if (!rope.name().equals(RopeFacts.SLIDING)) {
        put(GgufRope.BASE, GgufValue.f32(theta));
        putScaling(policy, rope.base());
      } else if (architecture.hasLocalRope() && isUnscaled(policy)) {
        put(GgufRope.LOCAL_BASE, GgufValue.f32(theta));
      } else {
        throw refusal("a scaling of the sliding layers", "it has no key for one");
      }
    }
  }

  private static boolean isUnscaled(FrequencyPolicy policy) {
    return policy instanceof FrequencyPolicy.None;
  }

  private void putScaling(FrequencyPolicy policy, RopeBase base) {
    switch (policy) {
      case FrequencyPolicy.None _, FrequencyPolicy.Ntk _, FrequencyPolicy.BaseChange _ -> {}
      case FrequencyPolicy.Linear(double factor) -> {
        put(GgufRope.TYPE, GgufValue.text("linear"));
        put(GgufRope.FACTOR, GgufValue.f32((float) factor));
        put(GgufRope.ORIGINAL, GgufValue.u32(base.trainedLength()));
      }
      case FrequencyPolicy.Yarn yarn -> putYarn(yarn, base);
      case FrequencyPolicy.LongRope longRope -> putLongRope(longRope, base);
      case FrequencyPolicy.Llama3 _, FrequencyPolicy.NtkByParts _, FrequencyPolicy.Divisors _ ->
          putTable(policy, base);
      case FrequencyPolicy.Dynamic _ ->
          throw refusal(
              "a dynamic method",
              "its tables do not grow with the text; take the fixed form, such as yarn:factor=4");
    }
  }

  private void putYarn(FrequencyPolicy.Yarn yarn, RopeBase base) {
    // llama.cpp reads the ends of the ramp for no architecture that is written here, and truncates.
    if (!yarn.ramp().equals(YarnRamp.DEFAULT)) {
      putTable(yarn, base);
      return;
    }
    put(GgufRope.TYPE, GgufValue.text("yarn"));
    put(GgufRope.FACTOR, GgufValue.f32((float) yarn.factor()));
    put(GgufRope.ORIGINAL, GgufValue.u32(RopeTables.original(yarn.original(), base)));
    double own = new YarnTemperature.FromFactor().attentionFactor(yarn.factor());
    double wanted = yarn.temperature().attentionFactor(yarn.factor());
    if (wanted != own) {
      putAttentionFactor(wanted / own);
    }
  }

  private void putAttentionFactor(double factor) {
    if (architecture.hasLocalRope()) {
      throw refusal(
          "this attention factor", "llama.cpp would apply it to the sliding layers as well");
    }
    put(GgufRope.ATTENTION, GgufValue.f32((float) factor));
  }

  private void putLongRope(FrequencyPolicy.LongRope policy, RopeBase base) {
    boolean changes = !policy.shortFactors().equals(policy.longFactors());
    if (changes && !policy.whole()) {
      throw refusal(
          "longrope by position",
          "llama.cpp takes one set of factors for the whole context; take longrope:...,whole=true");
    }
    int original = RopeTables.original(policy.original(), base);
    putLists(policy.shortFactors(), policy.longFactors());
    put(GgufRope.ORIGINAL, GgufValue.u32(original));
    putAttentionFactor(RopeTables.of(policy, base, original).attentionFactor());
  }

  /// Any other fixed table: one divisor for each pair.
  private void putTable(FrequencyPolicy policy, RopeBase base) {
    RopeTable table = RopeTables.of(policy, base, base.trainedLength());
    List<Double> divisors = RopeTables.divisors(policy, base);
    if (table.attentionFactor() == 1 && architecture.readsDivisors()) {
      tensors.add(tensor(GgufRope.DIVISORS, divisors));
    } else {
      putLists(divisors, divisors);
      putAttentionFactor(table.attentionFactor());
    }
    put(GgufRope.ORIGINAL, GgufValue.u32(base.trainedLength()));
  }

  private void putLists(List<Double> within, List<Double> beyond) {
    if (!architecture.readsLongRope()) {
      throw refusal(
          "this table of frequencies",
          "llama.cpp reads divisors of single pairs for llama, granite and phi3 only; take linear,"
              + " ntk, base, or yarn with its default ramp");
    }
    put(GgufRope.TYPE, GgufValue.text("longrope"));
    tensors.add(tensor(GgufRope.LONG, beyond));
    tensors.add(tensor(GgufRope.SHORT, within));
  }

  private static Tensor tensor(String name, List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return Tensor.ofFloats(name, Shape.of(floats.length), floats);
  }

  private void put(String key, GgufValue value) {
    keys.put(architecture.id() + "." + key, value);
  }

  private IllegalArgumentException refusal(String what, String reason) {
    return new IllegalArgumentException(
        "GGUF can't express %s for the architecture %s: %s"
            .formatted(what, architecture.id(), reason));
  }
}
