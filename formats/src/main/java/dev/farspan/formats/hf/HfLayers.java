package dev.farspan.formats.hf;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.LayerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which layers have a sliding window and which have no rotary embedding.
///
/// @param types `full_attention` or `sliding_attention` of each layer
/// @param window keys that a sliding layer sees, if there is one
/// @param rotated whether each layer has a rotary embedding
record HfLayers(List<String> types, OptionalInt window, List<Boolean> rotated) {
  /// More than any model has, and few enough to make a list of.
  private static final int MOST_LAYERS = 10_000;

  private static final String WINDOW = "sliding_window";
  private static final String TYPES = "layer_types";

  static HfLayers read(Settings config, String family) {
    int layers = config.requiredCount("num_hidden_layers");
    if (layers > MOST_LAYERS) {
      config.error("num_hidden_layers", "is " + layers + "; at most 10000 are read");
      layers = 1;
    }
    List<Boolean> rotated = rotated(config, family, layers);
    OptionalInt window = window(config, family);
    List<String> types = types(config, family, window, rotated);
    if (types.contains(RopeFacts.SLIDING) && window.isEmpty()) {
      config.error(TYPES, "has sliding_attention, but no sliding_window is in force");
    }
    return new HfLayers(types, window, rotated);
  }

  List<LayerConfig> configs(RopeReading ropes) {
    List<LayerConfig> configs = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      boolean sliding = types.get(i).equals(RopeFacts.SLIDING);
      configs.add(
          new LayerConfig(
              sliding ? window.orElse(LayerConfig.FULL) : LayerConfig.FULL,
              rotated.get(i) ? ropes.indexFor(types.get(i)) : LayerConfig.NO_ROPE));
    }
    return configs;
  }

  private static OptionalInt window(Settings config, String family) {
    return switch (family) {
      case "mistral", "mixtral", "phi3", "gemma2", "gpt_oss" -> config.count(WINDOW);
      case "gemma3_text" -> {
        if (config.flag("use_bidirectional_attention", false)) {
          config.error("use_bidirectional_attention", "is true, but only causal models are run");
        }
        yield config.count(WINDOW);
      }
      case "qwen2", "qwen3", "qwen3_moe", "smollm3" -> {
        OptionalInt window = config.count(WINDOW);
        yield config.flag("use_sliding_window", false) ? window : OptionalInt.empty();
      }
      default -> OptionalInt.empty();
    };
  }

  private static List<String> types(
      Settings config, String family, OptionalInt window, List<Boolean> rotated) {
    int layers = rotated.size();
    return switch (family) {
      case "mistral", "mixtral", "phi3", "qwen3_moe" ->
          uniform(config, layers, window.isPresent() ? RopeFacts.SLIDING : RopeFacts.FULL);
      case "qwen2", "qwen3" -> {
        int full = maxWindowLayers(config);
        yield typed(config, layers, i -> window.isPresent() && i >= full);
      }
      case "gemma2", "gpt_oss" -> typed(config, layers, i -> (i + 1) % 2 != 0);
      case "gemma3_text" -> {
        int pattern =
            config
                .count("sliding_window_pattern")
                .orElse(config.count("_sliding_window_pattern").orElse(6)); // configuration_gemma3
        yield typed(config, layers, i -> (i + 1) % pattern != 0);
      }
      case "smollm3" -> typed(config, layers, i -> window.isPresent() && !rotated.get(i));
      default -> uniform(config, layers, RopeFacts.FULL);
    };
  }

  /// 0 is a legal value: then every layer slides.
  private static int maxWindowLayers(Settings config) {
    double value = config.number("max_window_layers", 0);
    if (value < 0 || value != Math.rint(value)) {
      config.error("max_window_layers", "is " + value + " where a count of layers is expected");
    }
    return (int) value;
  }

  private static List<String> typed(Settings config, int layers, IntPredicate slides) {
    IntFunction<String> type = i -> slides.test(i) ? RopeFacts.SLIDING : RopeFacts.FULL;
    return given(config, layers)
        .orElseGet(() -> IntStream.range(0, layers).mapToObj(type).toList());
  }

  /// A family whose layers are alike: transformers does not read `layer_types` for it.
  private static List<String> uniform(Settings config, int layers, String type) {
    List<String> types = Collections.nCopies(layers, type);
    Optional<List<String>> given = given(config, layers);
    if (given.isPresent() && !given.get().equals(types)) {
      config.error(TYPES, "differs from " + type + " for all layers, which this family has");
    }
    return types;
  }

  private static Optional<List<String>> given(Settings config, int layers) {
    Optional<List<String>> given = config.texts(TYPES);
    if (given.isEmpty()) {
      return given;
    }
    if (given.get().size() != layers) {
      config.error(TYPES, "has %d entries for %d layers".formatted(given.get().size(), layers));
      return Optional.empty();
    }
    for (String type : given.get()) {
      if (!type.equals(RopeFacts.FULL) && !type.equals(RopeFacts.SLIDING)) {
        config.error(
            TYPES, "has '" + type + "'; known: " + RopeFacts.FULL + ", " + RopeFacts.SLIDING);
        return Optional.empty();
      }
    }
    return given;
  }

  /// SmolLM3: 1 in `no_rope_layers` means that the layer does use RoPE.
  private static List<Boolean> rotated(Settings config, String family, int layers) {
    if (!family.equals("smollm3")) {
      return Collections.nCopies(layers, true);
    }
    int interval = config.count("no_rope_layer_interval").orElse(4);
    Optional<List<Double>> given = config.numbers("no_rope_layers");
    if (given.isPresent() && given.get().size() < layers) {
      config.error("no_rope_layers", "has fewer entries than there are layers");
      given = Optional.empty();
    }
    List<Double> uses =
        given.orElseGet(
            () ->
                IntStream.range(0, layers)
                    .mapToObj(i -> (i + 1) % interval != 0 ? 1.0 : 0.0)
                    .toList());
    return uses.subList(0, layers).stream().map(use -> use != 0).toList();
  }
}
