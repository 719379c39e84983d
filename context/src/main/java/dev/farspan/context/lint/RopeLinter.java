package dev.farspan.context.lint;

import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads the RoPE settings of a Hugging Face configuration, of either generation.
///
/// Old files have `rope_theta` and `rope_scaling` at the top level; files of transformers 5 have
/// `rope_parameters`, flat or nested by layer type. What transformers 5 computes is what is
/// computed; whatever it ignores, guesses or cannot read becomes a [Finding].
public final class RopeLinter {
  /// Top-level keys that must have been read by someone if they are there.
  private static final Pattern ROPE_KEY = Pattern.compile(".*(rope|rotary|yarn|ntk).*");

  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";
  private static final String CONDENSE = "rope_condense_ratio";

  private final Settings config;
  private final RopeFacts facts;
  private final RopeFamily family;
  private final Findings findings;
  private final List<RopeConfig> ropes = new ArrayList<>();
  private int claimedLength;

  private RopeLinter(Settings config, RopeFacts facts, Findings findings) {
    this.config = config;
    this.facts = facts;
    this.family = RopeFamily.of(facts.modelType());
    this.findings = findings;
    this.claimedLength = facts.maxLength();
  }

  /// Reads the rotary embeddings of a configuration.
  ///
  /// @param config the whole configuration
  /// @param facts what the settings refer to
  /// @param findings takes what is found
  /// @return the embeddings; if an error was added, they must not be used
  public static RopeReading read(Settings config, RopeFacts facts, Findings findings) {
    RopeLinter linter = new RopeLinter(config, facts, findings);
    linter.readAll();
    return new RopeReading(linter.ropes, linter.claimedLength);
  }

  /// Adds an error for every top-level key that sounds like RoPE and that nobody has read; to be
  /// called last.
  ///
  /// @param config the whole configuration
  public static void flagUnread(Settings config) {
    if (config.flag("use_mrope", false)) {
      config.error("use_mrope", "asks for multimodal positions, which are not supported");
    }
    if (config.flag("rope_interleaved", false)) {
      // Written by the trainer of SmolLM; the converted weights are in halves all the same.
      config.warn("rope_interleaved", "is ignored, as in transformers, which pairs halves");
    }
    for (String key : config.unread()) {
      if (ROPE_KEY.matcher(key).matches()) {
        config.error(key, "is a RoPE setting that nothing reads for this family; remove it");
      }
    }
  }

  private void readAll() {
    Optional<Settings> scaling = config.object(SCALING).filter(section -> !section.isEmpty());
    Optional<Settings> parameters = config.object(PARAMETERS).filter(section -> !section.isEmpty());
    if (family.style() == RopeFamily.Style.GEMMA3) {
      readByLayerType(scaling, parameters);
      return;
    }
    if (scaling.isPresent()
        && parameters.isPresent()
        && !saysTheSame(scaling.get(), parameters.get())) {
      config.warn(SCALING, "disagrees with rope_parameters; transformers takes rope_scaling");
    }
    Settings section = scaling.or(() -> parameters).orElseGet(this::assumed);
    acceptRepeated("rope_theta", family.thetaKey(), family.theta());
    acceptRepeated("partial_rotary_factor", family.fractionKey(), family.fraction());
    if (section.objects().isEmpty()) {
      read(section, section, RopeReading.ALL, topLevelBase());
    } else {
      readNested(section);
    }
    acceptCondenseRatio();
  }

  /// Files for both generations have the old keys beside the new ones.
  private boolean saysTheSame(Settings scaling, Settings parameters) {
    return parameters.repeats(
        scaling,
        Map.of(
            "rope_theta",
            config.peek(family.thetaKey()),
            "partial_rotary_factor",
            config.peek(family.fractionKey())));
  }

  /// LongChat was trained by code of its own that divides positions by this key's number, and says
  /// the same to transformers by linear scaling.
  private void acceptCondenseRatio() {
    OptionalDouble ratio = config.peek(CONDENSE);
    if (ratio.isPresent()
        && ropes.stream()
            .allMatch(
                rope -> rope.scaling().equals(new FrequencyPolicy.Linear(ratio.getAsDouble())))) {
      config.names(CONDENSE);
      config.warn(CONDENSE, "repeats the factor of the linear scaling, which is applied once");
    }
  }

  /// GPT-NeoX files of transformers 4 repeat its own keys under the common names. Transformers 5
  /// does not read those, so only a copy is harmless; any other stays unread and is flagged.
  private void acceptRepeated(String common, String ownKey, double otherwise) {
    if (!common.equals(ownKey)
        && config.peek(common).equals(OptionalDouble.of(config.number(ownKey, otherwise)))) {
      config.names(common);
    }
  }

  /// What transformers assumes if there is neither `rope_scaling` nor `rope_parameters`.
  private Settings assumed() {
    if (family.style() != RopeFamily.Style.GPT_OSS) {
      return section(Map.of());
    }
    config.warn(PARAMETERS, "is missing; transformers takes YaRN, factor 32 over 4096 positions");
    return section(
        Map.of(
            "rope_type",
            "yarn",
            "factor",
            32.0,
            "beta_fast",
            32.0,
            "beta_slow",
            1.0,
            "truncate",
            false,
            "original_max_position_embeddings",
            4096));
  }

  private Settings section(Map<String, ?> values) {
    return Settings.of(Map.of(PARAMETERS, values), Map.of(), findings)
        .object(PARAMETERS)
        .orElseThrow();
  }

  private RopeSection.Base topLevelBase() {
    return new RopeSection.Base(family.thetaKey(), family.theta());
  }

  private void readNested(Settings section) {
    for (String layerType : new TreeSet<>(facts.layerTypes())) {
      Optional<Settings> own = section.object(layerType);
      if (own.isEmpty()) {
        section.error(layerType, "is missing, but layers are of this type");
      }
      own.ifPresent(found -> read(found, section, layerType, topLevelBase()));
    }
    section.names("truncate"); // read by the sections inside
    for (String key : section.unread()) {
      section.error(
          key,
          facts.layerTypes().isEmpty() || !section.objects().contains(key)
              ? "stands beside settings nested by layer type, where nothing reads it"
              : "is a layer type that no layer has");
    }
  }

  /// Gemma 3: the old keys are for the full layers, `rope_local_base_freq` for the sliding ones.
  private void readByLayerType(Optional<Settings> scaling, Optional<Settings> parameters) {
    if (parameters.isPresent() && parameters.get().objects().isEmpty()) {
      config.error(PARAMETERS, "must be nested by layer type for " + facts.modelType());
      return;
    }
    boolean both = scaling.isPresent() && parameters.isPresent();
    if (both
        && !parameters
            .get()
            .object(RopeFacts.FULL)
            .map(full -> saysTheSame(scaling.get(), full))
            .orElse(false)) {
      config.error(SCALING, "stands beside rope_parameters; keep one of them");
      return;
    }
    if (!both && scaling.isPresent() && !scaling.get().objects().isEmpty()) {
      readNested(scaling.get());
      return;
    }
    Settings none = section(Map.of());
    Settings all = parameters.orElse(none);
    RopeSection.Base sliding = new RopeSection.Base("rope_local_base_freq", 10_000);
    for (String layerType : new TreeSet<>(facts.layerTypes())) {
      boolean local = layerType.equals(RopeFacts.SLIDING);
      Settings own =
          all.object(layerType).or(() -> local ? Optional.empty() : scaling).orElse(none);
      read(own, all, layerType, local ? sliding : topLevelBase());
    }
    all.names("truncate");
    for (String key : all.unread()) {
      if (!key.equals(RopeFacts.FULL) && !key.equals(RopeFacts.SLIDING)) {
        all.error(key, "stands beside settings nested by layer type, where nothing reads it");
      }
    }
    config.names("rope_theta"); // a model of one layer type has the other's base all the same
    config.names("rope_local_base_freq");
  }

  private void read(Settings own, Settings outer, String name, RopeSection.Base base) {
    RopeSection section = new RopeSection(config, own, outer, facts, family, base);
    section.read(name).ifPresent(ropes::add);
    claimedLength = Math.max(claimedLength, section.claimedLength());
  }
}
