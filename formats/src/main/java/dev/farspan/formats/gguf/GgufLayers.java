package dev.farspan.formats.gguf;

import dev.farspan.context.lint.RopeFacts;
import dev.farspan.context.lint.RopeReading;
import dev.farspan.context.lint.Settings;
import dev.farspan.context.model.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// Which layers have a sliding window and which have no rotary embedding.
///
/// @param window keys that a sliding layer sees, 0 if there is none
/// @param slides whether each layer has the window
/// @param rotated whether each layer has a rotary embedding
record GgufLayers(int window, List<Boolean> slides, List<Boolean> rotated) {
  private static final String WINDOW = "attention.sliding_window";
  private static final String PATTERN = "attention.sliding_window_pattern";

  /// More than any model has, and few enough to make a list of.
  private static final int MOST_LAYERS = 10_000;

  /// SmolLM3: every fourth layer has no RoPE (llama.cpp `n_no_rope_layer_step`).
  private static final int NO_ROPE_STEP = 4;

  static GgufLayers read(Settings keys, GgufArchitecture architecture) {
    int layers = keys.requiredCount("block_count");
    if (layers > MOST_LAYERS) {
      keys.error("block_count", "is " + layers + "; at most 10000 are read");
      layers = 1;
    }
    int window = window(keys, architecture);
    IntPredicate slides = window == 0 ? _ -> false : slides(keys, architecture, layers);
    boolean skips = architecture == GgufArchitecture.SMOLLM3;
    return new GgufLayers(
        window, list(layers, slides), list(layers, i -> !skips || (i + 1) % NO_ROPE_STEP != 0));
  }

  private static List<Boolean> list(int layers, IntPredicate test) {
    return IntStream.range(0, layers).mapToObj(test::test).toList();
  }

  List<LayerConfig> configs(RopeReading ropes) {
    List<LayerConfig> configs = new ArrayList<>();
    for (int i = 0; i < slides.size(); i++) {
      boolean sliding = slides.get(i);
      int rope = ropes.indexFor(sliding ? RopeFacts.SLIDING : RopeFacts.FULL);
      configs.add(
          new LayerConfig(
              sliding ? window : LayerConfig.FULL, rotated.get(i) ? rope : LayerConfig.NO_ROPE));
    }
    return configs;
  }

  private static int window(Settings keys, GgufArchitecture architecture) {
    if (!keys.has(WINDOW)) {
      return architecture == GgufArchitecture.GEMMA2 ? 4096 : 0; // llama.cpp's default for Gemma 2
    }
    if (keys.number(WINDOW, 0) == 0) {
      return 0;
    }
    if (architecture == GgufArchitecture.OLMO2) {
      keys.error(WINDOW, "belongs to OLMo 3, which is not supported");
    }
    return keys.requiredCount(WINDOW);
  }

  /// A pattern is one flag per layer, or a period whose last layer is full.
  private static IntPredicate slides(Settings keys, GgufArchitecture architecture, int layers) {
    if (keys.isList(PATTERN)) {
      List<Double> flags = keys.numbers(PATTERN).orElse(List.of());
      if (flags.size() < layers) {
        keys.error(PATTERN, "has %d entries for %d layers".formatted(flags.size(), layers));
        return _ -> false;
      }
      return i -> flags.get(i) != 0;
    }
    int period = keys.has(PATTERN) ? (int) keys.number(PATTERN, 0) : period(keys, architecture);
    if (period < 0) {
      keys.error(PATTERN, "is " + period + " where a period is expected");
    }
    return i -> period <= 0 || i % period < period - 1;
  }

  /// Layers of a period if the file does not say (llama.cpp `set_swa_pattern`); 0: all slide.
  private static int period(Settings keys, GgufArchitecture architecture) {
    return switch (architecture) {
      case GEMMA2, GPT_OSS -> 2;
      case GEMMA3 -> 6;
      case LLAMA, PHI3, OLMO2 -> 0;
      case GRANITE, SMOLLM3, QWEN2, QWEN3, QWEN3_MOE, GPT_NEOX -> {
        keys.warn(WINDOW, "comes without a pattern, so every layer gets the window");
        yield 0;
      }
    };
  }
}
