package dev.farspan.export;

import dev.farspan.context.model.AttentionConfig;
import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.formats.gguf.GgufValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The keys by which a GGUF file states a model's shape, but for its rotary embeddings.
///
/// Source: llama.cpp `gguf-py/gguf/constants.py`; what has no key there follows from the name of
/// the architecture, and [Intended] checks that it does.
final class ArchitectureKeys {
  private final ModelConfig model;
  private final Family family;
  private final Map<String, GgufValue> keys = new LinkedHashMap<>();

  private ArchitectureKeys(ModelConfig model, Family family) {
    this.model = model;
    this.family = family;
  }

  static Map<String, GgufValue> of(ModelConfig model, Family family) {
    ArchitectureKeys keys = new ArchitectureKeys(model, family);
    keys.putSizes();
    keys.putAttention();
    keys.putWindow();
    keys.putMultipliers();
    return keys.keys;
  }

  private void put(String key, GgufValue value) {
    keys.put(family.architecture() + "." + key, value);
  }

  private void count(String key, long value) {
    put(key, GgufValue.u32(value));
  }

  private void real(String key, double value) {
    put(key, GgufValue.f32((float) value));
  }

  private void putSizes() {
    count("vocab_size", model.vocabSize());
    count("embedding_length", model.hiddenSize());
    count("block_count", model.layers().size());
    if (model.feedForward() instanceof FeedForward.Dense dense) {
      count("feed_forward_length", dense.intermediateSize());
    }
    real("attention.layer_norm_rms_epsilon", model.norm().epsilon());
    count("rope.dimension_count", model.mainRope().base().rotaryDim());
  }

  private void putAttention() {
    AttentionConfig attention = model.attention();
    count("attention.head_count", attention.heads());
    count("attention.head_count_kv", attention.kvHeads());
    count("attention.key_length", attention.headDim());
    count("attention.value_length", attention.headDim());
    if (family == Family.GRANITE) {
      real("attention.scale", attention.scale());
    }
    if (family == Family.GEMMA2) {
      real("attn_logit_softcapping", attention.softCap());
    }
  }

  private void putMultipliers() {
    switch (family) {
      case GRANITE -> {
        real("embedding_scale", model.multipliers().embedding());
        real("residual_scale", model.multipliers().residual());
        real("logit_scale", 1 / model.multipliers().logits());
      }
      case GEMMA2 -> real("final_logit_softcapping", model.multipliers().logitSoftCap());
      case GEMMA3 -> {
        if (model.multipliers().logitSoftCap() != 0) {
          real("final_logit_softcapping", model.multipliers().logitSoftCap());
        }
      }
      case LLAMA, MISTRAL, QWEN2, QWEN3, SMOLLM3, OLMO2, PHI3 -> {}
    }
  }

  private void putWindow() {
    List<Integer> windows =
        model.layers().stream()
            .map(LayerConfig::window)
            .filter(window -> window != LayerConfig.FULL)
            .distinct()
            .toList();
    if (windows.isEmpty()) {
      return;
    }
    if (!family.slides()) {
      throw new IllegalArgumentException(
          "llama.cpp's architecture %s has no sliding window, so it would not compute this model, whose window is %d, past it; export it as hf"
              .formatted(family.architecture(), windows.getFirst()));
    }
    count("attention.sliding_window", windows.getFirst());
    count("attention.sliding_window_pattern", period());
  }

  /// Layers from one full one to the next, the last of each period being full.
  private int period() {
    int layers = model.layers().size();
    Optional<Integer> period =
        IntStream.rangeClosed(1, layers + 1)
            .boxed()
            .filter(p -> IntStream.range(0, layers).allMatch(i -> isFull(i) == (i % p == p - 1)))
            .findFirst();
    return period.orElseThrow(
        () ->
            new IllegalArgumentException(
                "GGUF can't express which layers of this %s model have a sliding window: it is not every n-th that is full"
                    .formatted(model.family())));
  }

  private boolean isFull(int layer) {
    return model.layers().get(layer).window() == LayerConfig.FULL;
  }
}
