package dev.farspan.formats.gguf;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.YarnRamp;
import dev.farspan.context.rope.YarnTemperature;
import dev.farspan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Reads the rotary embeddings of a GGUF file: its `rope.*` keys and its tensors of divisors.
///
/// Source: llama.cpp `src/llama-model.cpp` (`load_hparams`, `get_rope_factors`) and
/// `src/llama-context.cpp`, whose attention factor is `attn_factor * (0.1 ln(s) + 1)`. It knows
/// more keys of YaRN, but reads them for other architectures only (`src/models/grok.cpp`,
/// `mistral3.cpp`, `deepseek2.cpp`), and it always truncates the ramp (`ggml/src/ggml.c`,
/// `ggml_rope_yarn_corr_dims`).
final class GgufRope {
  static final String BASE = "rope.freq_base";
  static final String LOCAL_BASE = "rope.freq_base_swa";
  static final String TYPE = "rope.scaling.type";
  static final String FACTOR = "rope.scaling.factor";
  static final String LEGACY_FACTOR = "rope.scale_linear";
  static final String ORIGINAL = "rope.scaling.original_context_length";
  static final String ATTENTION = "rope.scaling.attn_factor";
  private static final String YARN = "rope.scaling.";
  static final String DIVISORS = "rope_freqs.weight";
  static final String LONG = "rope_factors_long.weight";
  static final String SHORT = "rope_factors_short.weight";

  private final GgufFile file;
  private final GgufArchitecture architecture;
  private final Settings keys;
  private final int headDim;
  private final int context;
  private int claimedLength;

  private GgufRope(
      GgufFile file, GgufArchitecture architecture, Settings keys, int headDim, int context) {
    this.file = file;
    this.architecture = architecture;
    this.keys = keys;
    this.headDim = headDim;
    this.context = context;
    this.claimedLength = context;
  }

  static RopeReading read(
      GgufFile file, GgufArchitecture architecture, Settings keys, int headDim) {
    int context = keys.requiredCount("context_length");
    GgufRope rope = new GgufRope(file, architecture, keys, headDim, context);
    List<RopeConfig> ropes = rope.ropes();
    return new RopeReading(ropes, rope.claimedLength);
  }

  private List<RopeConfig> ropes() {
    int rotaryDim = keys.count("rope.dimension_count").orElse(headDim);
    if (keys.number("rope.dimension_count_swa", rotaryDim) != rotaryDim) {
      keys.error("rope.dimension_count_swa", "differs from rope.dimension_count; not supported");
    }
    if (rotaryDim > headDim) {
      keys.error("rope.dimension_count", "is more than a head has: " + headDim);
    }
    double theta = keys.number(BASE, 10_000);
    if (!keys.has(BASE)) {
      keys.warn(BASE, "is missing; 10000 is taken, as by llama.cpp");
    }
    FrequencyPolicy scaling = scaling();
    List<RopeConfig> ropes = new ArrayList<>();
    RopeBase base = new RopeBase(rotaryDim, theta, trainedLength(scaling));
    if (architecture != GgufArchitecture.GEMMA3) {
      if (keys.number(LOCAL_BASE, theta) != theta) {
        keys.error(LOCAL_BASE, "differs from rope.freq_base; not supported here");
      }
      ropes.add(new RopeConfig(RopeReading.ALL, base, scaling, architecture.pairing()));
      return ropes;
    }
    // Gemma 3: sliding layers have a base of their own, 10000, and no scaling.
    RopeBase local = new RopeBase(rotaryDim, keys.number(LOCAL_BASE, 10_000), context);
    ropes.add(new RopeConfig(RopeFacts.FULL, base, scaling, architecture.pairing()));
    ropes.add(
        new RopeConfig(
            RopeFacts.SLIDING, local, new FrequencyPolicy.None(), architecture.pairing()));
    return ropes;
  }

  private FrequencyPolicy scaling() {
    keys.flag("rope.scaling.finetuned", false); // says that training saw it; changes no number
    String type = keys.text(TYPE, "linear"); // llama.cpp's default
    boolean longRope = file.infos().containsKey(LONG) || file.infos().containsKey(SHORT);
    double factor = factor();
    if (longRope || type.equals("longrope")) {
      return longRope();
    }
    if (type.equals("yarn")) {
      return yarn(factor);
    }
    if (keys.number(ATTENTION, 1) != 1) {
      keys.error(ATTENTION, "is given, but only yarn and longrope have an attention factor");
    }
    if (!type.equals("linear") && !type.equals("none")) {
      keys.error(TYPE, "is '" + type + "'; known: none, linear, yarn, longrope");
    }
    if (type.equals("none") && factor != 1) {
      keys.warn(FACTOR, "is ignored, because the type of scaling is none");
      factor = 1;
    }
    if (file.infos().containsKey(DIVISORS)) {
      return divisors(factor);
    }
    return factor == 1 ? new FrequencyPolicy.None() : new FrequencyPolicy.Linear(factor);
  }

  /// 0 means 1, as in llama.cpp.
  private double factor() {
    double legacy = keys.number(LEGACY_FACTOR, 0);
    double factor = keys.number(FACTOR, legacy);
    if (legacy != 0 && legacy != factor) {
      keys.warn(LEGACY_FACTOR, "differs from " + FACTOR + ", which is used");
    }
    if (factor != 0 && factor < 1) {
      keys.error(FACTOR, "is " + factor + " but must be at least 1");
    }
    return factor < 1 ? 1 : factor;
  }

  private FrequencyPolicy divisors(double factor) {
    if (factor != 1) {
      keys.error(FACTOR, "stands beside the tensor " + DIVISORS + "; both at once are unsupported");
    }
    if (!keys.has(ORIGINAL)) {
      keys.warn(
          "context_length",
          "= %d is taken for the trained length: the file scales frequencies by a tensor and does not say from which length"
              .formatted(context));
    }
    return new FrequencyPolicy.Divisors(tensor(DIVISORS));
  }

  private int trainedLength(FrequencyPolicy scaling) {
    return switch (scaling) {
      case FrequencyPolicy.Yarn yarn -> yarn.original();
      case FrequencyPolicy.LongRope longRope -> longRope.original();
      // No number of these depends on it, but it says from where the context was extended.
      case FrequencyPolicy.Divisors _, FrequencyPolicy.Linear _ ->
          keys.count(ORIGINAL).orElse(context);
      case FrequencyPolicy.None _,
          FrequencyPolicy.Ntk _,
          FrequencyPolicy.BaseChange _,
          FrequencyPolicy.NtkByParts _,
          FrequencyPolicy.Llama3 _,
          FrequencyPolicy.Dynamic _ -> {
        if (keys.count(ORIGINAL).orElse(context) != context) {
          keys.warn(ORIGINAL, "is ignored: there is no scaling that refers to it");
        }
        yield context;
      }
    };
  }

  private int original() {
    if (!keys.has(ORIGINAL)) {
      keys.warn(ORIGINAL, "is missing; context_length = %d is taken".formatted(context));
    }
    int original = keys.count(ORIGINAL).orElse(context);
    if (original > context) {
      keys.warn(ORIGINAL, "is %d, more than context_length = %d".formatted(original, context));
    }
    return original;
  }

  private FrequencyPolicy longRope() {
    if (!file.infos().containsKey(LONG) || !file.infos().containsKey(SHORT)) {
      keys.error(
          TYPE, "is longrope, but tensors " + LONG + " and " + SHORT + " are not both there");
      return new FrequencyPolicy.None();
    }
    if (!keys.has(ATTENTION)) {
      keys.warn(ATTENTION, "is missing; 1 is taken, as by llama.cpp");
    }
    int original = original();
    return new FrequencyPolicy.LongRope(
        tensor(SHORT),
        tensor(LONG),
        original,
        keys.number(ATTENTION, 1),
        (double) context / original,
        true);
  }

  private FrequencyPolicy yarn(double factor) {
    if (!keys.has(FACTOR)) {
      keys.error(FACTOR, "is missing, but yarn needs it");
    }
    if (file.infos().containsKey(DIVISORS)) {
      keys.error(TYPE, "is yarn, but there is a tensor " + DIVISORS + " too; unsupported");
    }
    int original = original();
    if (keys.has(ORIGINAL)) {
      claimedLength = Math.max(claimedLength, (int) (original * factor)); // saturates
    }
    YarnTemperature temperature = temperature(factor);
    warnOfUnread(temperature.attentionFactor(factor));
    return new FrequencyPolicy.Yarn(factor, original, YarnRamp.DEFAULT, temperature);
  }

  private YarnTemperature temperature(double factor) {
    YarnTemperature own = new YarnTemperature.FromFactor();
    double given = keys.number(ATTENTION, 1);
    return given == 1 ? own : new YarnTemperature.Given(given * own.attentionFactor(factor));
  }

  /// Converters write these keys, and llama.cpp computes without them.
  private void warnOfUnread(double attentionFactor) {
    warnUnless("yarn_attn_factor", attentionFactor, "attention_factor");
    warnUnless("yarn_beta_fast", YarnRamp.DEFAULT.betaFast(), "beta_fast");
    warnUnless("yarn_beta_slow", YarnRamp.DEFAULT.betaSlow(), "beta_slow");
    warnUnless("yarn_log_multiplier", 0, "mscale=1,mscale_all_dim");
    double share = keys.number(YARN + "yarn_ext_factor", 1);
    if (share >= 0 && share != 1) { // negative: llama.cpp's "as the type says"
      keys.warn(
          YARN + "yarn_ext_factor",
          "is %s and ignored, as by llama.cpp for %s".formatted(share, architecture.id()));
    }
    if (architecture == GgufArchitecture.GPT_OSS) {
      keys.warn(
          TYPE,
          "is yarn, whose ramp llama.cpp truncates, and so it is done here; gpt-oss was trained"
              + " with --method yarn:factor=...,truncate=false");
    }
  }

  private void warnUnless(String key, double computed, String setting) {
    double given = keys.number(YARN + key, computed);
    if ((float) given != (float) computed) {
      keys.warn(
          YARN + key,
          "is %s and ignored, as by llama.cpp for %s, which computes with %s; --method yarn:factor=...,%s=... sets it"
              .formatted(given, architecture.id(), computed, setting));
    }
  }

  private List<Double> tensor(String name) {
    int rotaryDim = keys.count("rope.dimension_count").orElse(headDim);
    Tensor tensor = file.tensor(name);
    List<Double> values = new ArrayList<>();
    if (tensor.shape().elements() == rotaryDim / 2) { // read none that is far too big
      for (float value : tensor.toFloats()) {
        values.add((double) value);
      }
    }
    if (values.size() * 2 != rotaryDim
        || !values.stream().allMatch(value -> value > 0 && Double.isFinite(value))) {
      keys.error(
          "rope.dimension_count",
          "= %d needs a tensor '%s' of half as many positive numbers".formatted(rotaryDim, name));
    }
    return values;
  }
}
