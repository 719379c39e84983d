package dev.farspan.context.lint;

import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeBase;
import dev.farspan.context.rope.Stages;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.DoubleFunction;

/// The settings of one rotary embedding: its base, its rotated fraction and its scaling.
///
/// Source of every rule: transformers 5.23 `modeling_rope_utils.py`.
final class RopeSection {
  static final String ORIGINAL = "original_max_position_embeddings";
  private static final String FACTOR = "factor";
  private static final String SEQUENCE = "max_sequence_length";

  /// Default of `original_max_position_embeddings` in transformers `configuration_phi3.py`.
  private static final int PHI3_ORIGINAL = 4096;

  /// Keys of other scalings than the one at hand, and of other engines: transformers ignores them.
  private static final Set<String> IGNORED =
      Set.of(
          FACTOR,
          ORIGINAL,
          "attention_factor",
          "beta_fast",
          "beta_slow",
          "mscale",
          "mscale_all_dim",
          "truncate",
          "short_factor",
          "long_factor",
          "low_freq_factor",
          "high_freq_factor",
          "finetuned", // the first YaRN checkpoints
          "attn_factor", // vLLM
          "extrapolation_factor", // vLLM
          "apply_yarn_scaling"); // vLLM

  /// Where the base stands at the top level, and what it is if it is nowhere.
  record Base(String key, double otherwise) {}

  private final Settings config;
  private final Settings own;
  private final Settings outer;
  private final RopeFacts facts;
  private final RopeFamily family;
  private final Base base;
  private int claimedLength;

  /// @param config the whole configuration
  /// @param own the settings of this embedding
  /// @param outer the object that `own` is nested in, or `own` itself
  RopeSection(
      Settings config,
      Settings own,
      Settings outer,
      RopeFacts facts,
      RopeFamily family,
      Base base) {
    this.config = config;
    this.own = own;
    this.outer = outer;
    this.facts = facts;
    this.family = family;
    this.base = base;
    this.claimedLength = facts.maxLength();
  }

  Optional<RopeConfig> read(String name) {
    String type = type();
    double theta = theta();
    int rotaryDim = rotaryDim(type);
    try {
      Optional<FrequencyPolicy> policy = policy(type, rotaryDim);
      RopeBase trained = new RopeBase(rotaryDim, theta, trainedLength(policy));
      flagUnread(type);
      return policy.map(
          scaling -> new RopeConfig(name, trained, scaling, RopeConfig.Pairing.HALVES));
    } catch (IllegalArgumentException e) { // a value that the record of the method refuses
      own.error("rope_type", type + " cannot be computed: " + e.getMessage());
      return Optional.empty();
    }
  }

  int claimedLength() {
    return claimedLength;
  }

  private Optional<FrequencyPolicy> policy(String type, int rotaryDim) {
    return switch (type) {
      case "default" -> Optional.of(new FrequencyPolicy.None());
      case "linear" -> optional(factor(type), FrequencyPolicy.Linear::new);
      case "dynamic" ->
          optional(factor(type), s -> new FrequencyPolicy.DynamicNtk(s, Stages.WHOLE_EXACT));
      case "yarn" -> {
        int original = original(type);
        OptionalDouble factor = ratioIfNull(type, original);
        yield optional(factor, s -> YarnSettings.read(own, outer, s, original));
      }
      case "llama3" -> llama3(original(type));
      case "longrope" -> longRope(original(type), rotaryDim / 2);
      case "mrope" -> {
        own.error("rope_type", "is mrope, which is no scaling but multimodal; not supported");
        yield Optional.empty();
      }
      default -> {
        own.error(
            "rope_type",
            "is '"
                + type
                + "', which is not known; known: default, linear, dynamic, yarn, llama3, longrope");
        yield Optional.empty();
      }
    };
  }

  private static Optional<FrequencyPolicy> optional(
      OptionalDouble factor, DoubleFunction<FrequencyPolicy> policy) {
    return factor.isEmpty() ? Optional.empty() : Optional.of(policy.apply(factor.getAsDouble()));
  }

  private int trainedLength(Optional<FrequencyPolicy> policy) {
    return policy
        .map(
            scaling ->
                switch (scaling) {
                  case FrequencyPolicy.Yarn yarn -> yarn.original();
                  case FrequencyPolicy.Llama3 llama3 -> llama3.original();
                  case FrequencyPolicy.LongRope longRope -> longRope.original();
                  case FrequencyPolicy.Linear(double factor) -> linearLength(factor);
                  case FrequencyPolicy.None _,
                      FrequencyPolicy.Ntk _,
                      FrequencyPolicy.BaseChange _,
                      FrequencyPolicy.NtkByParts _,
                      FrequencyPolicy.Divisors _,
                      FrequencyPolicy.Dynamic _ ->
                      facts.maxLength();
                })
        .orElse(facts.maxLength());
  }

  /// A file may give the length before linear scaling (as Vicuna's, and as Hugging Face advises) or
  /// after it (Gemma 3, Llama-2-7B-32K); only `max_sequence_length` says which.
  private int linearLength(double factor) {
    int length = facts.maxLength();
    OptionalInt stated = config.count(SEQUENCE);
    if (stated.isEmpty() && factor != 1 && family.style() != RopeFamily.Style.GEMMA3) {
      config.warn(
          "max_position_embeddings",
          "= %d is taken for the length with linear scaling by %s; if it is the one before, add \"%s\": %d to the file"
              .formatted(length, factor, SEQUENCE, (int) (length * factor)));
    }
    claimedLength = Math.max(length, stated.orElse(length));
    return claimedLength;
  }

  /// `rope_type`, or `type` as it was called; `su` is the former name of longrope.
  private String type() {
    String old = own.text("type", "default");
    String type = own.text("rope_type", old);
    if (own.has("type") && !modern(old).equals(modern(type))) {
      own.warn("type", "is '" + old + "' but rope_type is '" + type + "', which is used");
    }
    if (!modern(type).equals(type)) {
      String key = own.has("rope_type") ? "rope_type" : "type";
      own.warn(key, "is '" + type + "' and read as longrope");
    }
    if (family.style() == RopeFamily.Style.PHI3
        && !Set.of("default", "longrope").contains(modern(type))) {
      own.error("rope_type", "is '" + type + "', but phi3 has only longrope");
    }
    return modern(type);
  }

  private String modern(String type) {
    boolean phi3Yarn = family.style() == RopeFamily.Style.PHI3 && type.equals("yarn");
    return type.equals("su") || phi3Yarn ? "longrope" : type;
  }

  private double theta() {
    OptionalDouble inner = own.number("rope_theta");
    OptionalDouble top = config.number(base.key());
    if (inner.isPresent() && top.isPresent() && inner.getAsDouble() != top.getAsDouble()) {
      config.warn(
          base.key(),
          "is "
              + top.getAsDouble()
              + " but "
              + own.at("rope_theta")
              + " is "
              + inner.getAsDouble()
              + ", which is used");
    }
    if (inner.isEmpty() && top.isEmpty()) {
      config.warn(
          base.key(),
          "is missing; transformers takes "
              + base.otherwise()
              + " for "
              + facts.modelType()
              + ", other readers may take 10000");
    }
    double theta = inner.orElse(top.orElse(base.otherwise()));
    if (!(theta > 1)) {
      own.error("rope_theta", "is " + theta + " but must be above 1");
      return base.otherwise();
    }
    return theta;
  }

  private int rotaryDim(String type) {
    OptionalDouble inner = own.number("partial_rotary_factor");
    OptionalDouble top = config.number(family.fractionKey());
    double fraction = inner.orElse(top.orElse(family.fraction()));
    if (inner.isPresent() && top.isPresent() && inner.getAsDouble() != top.getAsDouble()) {
      config.warn(
          family.fractionKey(),
          "is "
              + top.getAsDouble()
              + " but "
              + fraction
              + " stands in the RoPE settings and is used");
    }
    if (fraction != 1 && type.equals("default") && !family.readsFraction()) {
      own.warn(
          "partial_rotary_factor",
          "is heeded here, but transformers' " + facts.modelType() + " class does not read it");
    }
    int rotaryDim = (int) (facts.headDim() * fraction); // truncated, as in transformers
    if (!(fraction > 0 && fraction <= 1) || rotaryDim < 2 || rotaryDim % 2 != 0) {
      own.error(
          "partial_rotary_factor",
          "is "
              + fraction
              + ", which rotates "
              + rotaryDim
              + " of "
              + facts.headDim()
              + " elements of a head, but RoPE rotates pairs");
      return 2;
    }
    return rotaryDim;
  }

  private OptionalDouble factor(String type) {
    if (!own.has(FACTOR)) {
      own.error(FACTOR, "is missing, but rope_type " + type + " needs it");
    }
    return atLeastOne(own.number(FACTOR));
  }

  private OptionalDouble atLeastOne(OptionalDouble factor) {
    if (factor.isPresent() && factor.getAsDouble() < 1) {
      own.error(FACTOR, "is " + factor.getAsDouble() + " but must be at least 1");
      return OptionalDouble.empty();
    }
    return factor;
  }

  /// YaRN's factor; an explicit null means `max_position_embeddings / original`.
  private OptionalDouble ratioIfNull(String type, int original) {
    double ratio = (double) facts.maxLength() / original;
    if (own.names(FACTOR) && !own.has(FACTOR)) {
      own.warn(FACTOR, "is null, which transformers takes for max / original = " + ratio);
      return atLeastOne(OptionalDouble.of(ratio));
    }
    OptionalDouble factor = factor(type);
    if (factor.isPresent()) {
      compare(factor.getAsDouble(), original);
      if (hasOriginal()) {
        claimedLength =
            Math.max(claimedLength, (int) (original * factor.getAsDouble())); // saturates
      }
    }
    return factor;
  }

  private void compare(double factor, int original) {
    double ratio = (double) facts.maxLength() / original;
    if (ratio != factor && hasOriginal()) {
      own.warn(
          FACTOR,
          "is %s, but max_position_embeddings / %s = %d / %d = %s; the factor is used"
              .formatted(factor, ORIGINAL, facts.maxLength(), original, ratio));
    }
  }

  private boolean hasOriginal() {
    return own.has(ORIGINAL) || (!isNested() && config.has(ORIGINAL));
  }

  private boolean isNested() {
    return own != outer || family.style() == RopeFamily.Style.GEMMA3;
  }

  /// The length before scaling. A flat file's top-level value takes precedence; without any,
  /// transformers silently takes the extended length.
  private int original(String type) {
    OptionalInt inner = own.count(ORIGINAL);
    OptionalInt top = isNested() ? OptionalInt.empty() : config.count(ORIGINAL);
    if (family.style() == RopeFamily.Style.PHI3 && top.isEmpty()) {
      top = OptionalInt.of(PHI3_ORIGINAL);
      config.warn(ORIGINAL, "is missing; transformers takes 4096 for phi3");
    }
    if (top.isPresent() && inner.isPresent() && !top.equals(inner)) {
      own.warn(
          ORIGINAL,
          "is %d, but %d at the top level, which transformers takes"
              .formatted(inner.getAsInt(), top.getAsInt()));
    }
    if (top.isEmpty() && inner.isEmpty()) {
      own.warn(
          ORIGINAL,
          "is missing; transformers takes max_position_embeddings = %d, which makes another %s if that is the extended length"
              .formatted(facts.maxLength(), type));
    }
    int original = top.orElse(inner.orElse(facts.maxLength()));
    if (original > facts.maxLength()) {
      own.warn(
          ORIGINAL,
          "is %d, more than max_position_embeddings = %d".formatted(original, facts.maxLength()));
    }
    return original;
  }

  private Optional<FrequencyPolicy> llama3(int original) {
    OptionalDouble factor = factor("llama3");
    OptionalDouble low = required("low_freq_factor");
    OptionalDouble high = required("high_freq_factor");
    if (factor.isEmpty() || low.isEmpty() || high.isEmpty()) {
      return Optional.empty();
    }
    if (!(high.getAsDouble() > low.getAsDouble())) {
      own.error("high_freq_factor", "must be above low_freq_factor; between them lies the ramp");
      return Optional.empty();
    }
    return Optional.of(
        new FrequencyPolicy.Llama3(
            factor.getAsDouble(), low.getAsDouble(), high.getAsDouble(), original));
  }

  private OptionalDouble required(String key) {
    if (!own.has(key)) {
      own.error(key, "is missing, but rope_type llama3 needs it");
    }
    return own.number(key);
  }

  private Optional<FrequencyPolicy> longRope(int original, int pairs) {
    OptionalDouble factor = atLeastOne(own.number(FACTOR));
    factor.ifPresent(given -> compare(given, original));
    return LongRopeSettings.read(
        own, pairs, original, factor.orElse((double) facts.maxLength() / original));
  }

  private void flagUnread(String type) {
    OptionalInt top = config.count(ORIGINAL);
    boolean scaled = Set.of("yarn", "llama3", "longrope").contains(type);
    if (top.isPresent()
        && top.getAsInt() != own.count(ORIGINAL).orElse(facts.maxLength())
        && (!scaled || isNested())) {
      config.warn(
          ORIGINAL,
          "is %d and ignored by transformers here; L is %d"
              .formatted(top.getAsInt(), own.count(ORIGINAL).orElse(facts.maxLength())));
    }
    for (String key : own.unread()) {
      if (IGNORED.contains(key)) {
        own.warn(key, "is no setting of rope_type " + type + "; transformers ignores it");
      } else if (key.equals("mrope_section")) {
        own.error(key, "asks for multimodal positions, which are not supported");
      } else {
        own.error(key, "is not known, so what it asks for would be ignored; remove it");
      }
    }
  }
}
