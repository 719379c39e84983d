package dev.farspan.formats.gguf;

import dev.farspan.context.model.RopeConfig.Pairing;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// The architectures there are, and which elements of a head form a pair in their weights.
///
/// Source: llama.cpp `llama_model_rope_type` (src/llama-model.cpp): "norm" is adjacent, "neox" is
/// halves. Its converter permutes the weights of the adjacent ones.
enum GgufArchitecture {
  /// Also Mistral, and with experts Mixtral.
  LLAMA("llama", Pairing.ADJACENT),
  GRANITE("granite", Pairing.ADJACENT),
  SMOLLM3("smollm3", Pairing.ADJACENT),
  QWEN2("qwen2", Pairing.HALVES),
  QWEN3("qwen3", Pairing.HALVES),
  QWEN3_MOE("qwen3moe", Pairing.HALVES),
  GEMMA2("gemma2", Pairing.HALVES),
  GEMMA3("gemma3", Pairing.HALVES),
  PHI3("phi3", Pairing.HALVES),
  OLMO2("olmo2", Pairing.HALVES),
  GPT_NEOX("gptneox", Pairing.HALVES),
  GPT_OSS("gpt-oss", Pairing.HALVES);

  private final String id;
  private final Pairing pairing;

  GgufArchitecture(String id, Pairing pairing) {
    this.id = id;
    this.pairing = pairing;
  }

  String id() {
    return id;
  }

  Pairing pairing() {
    return pairing;
  }

  /// Whether llama.cpp reads `rope_freqs.weight` (src/models/*.cpp); for the rest the file would
  /// not even load.
  boolean readsDivisors() {
    return this == LLAMA || this == GRANITE;
  }

  /// Whether llama.cpp reads `rope_factors_long.weight` and `rope_factors_short.weight`.
  boolean readsLongRope() {
    return readsDivisors() || this == PHI3;
  }

  /// Whether its sliding layers have a rotary embedding of their own.
  boolean hasLocalRope() {
    return this == GEMMA3;
  }

  static Optional<GgufArchitecture> named(String id) {
    return Arrays.stream(values()).filter(architecture -> architecture.id.equals(id)).findFirst();
  }

  static String known() {
    return Arrays.stream(values()).map(GgufArchitecture::id).collect(Collectors.joining(", "));
  }
}
