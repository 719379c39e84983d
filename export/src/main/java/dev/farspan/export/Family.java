package dev.farspan.export;

import dev.farspan.context.model.FeedForward;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig.Pairing;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The families that are converted between the formats.
///
/// Pairing: [Pairing#ADJACENT] where llama.cpp's converter permutes the rows of queries and keys
/// (`conversion/*.py`; `llama_model_rope_type` in `src/llama-model.cpp`).
enum Family {
  LLAMA("llama", "LlamaForCausalLM", "llama", Pairing.ADJACENT),
  MISTRAL("mistral", "MistralForCausalLM", "llama", Pairing.ADJACENT),
  QWEN2("qwen2", "Qwen2ForCausalLM", "qwen2", Pairing.HALVES),
  QWEN3("qwen3", "Qwen3ForCausalLM", "qwen3", Pairing.HALVES),
  SMOLLM3("smollm3", "SmolLM3ForCausalLM", "smollm3", Pairing.ADJACENT),
  GEMMA2("gemma2", "Gemma2ForCausalLM", "gemma2", Pairing.HALVES),
  GEMMA3("gemma3_text", "Gemma3ForCausalLM", "gemma3", Pairing.HALVES),
  GRANITE("granite", "GraniteForCausalLM", "granite", Pairing.ADJACENT),
  OLMO2("olmo2", "Olmo2ForCausalLM", "olmo2", Pairing.HALVES),
  PHI3("phi3", "Phi3ForCausalLM", "phi3", Pairing.HALVES);

  private final String modelType;
  private final String className;
  private final String architecture;
  private final Pairing pairing;

  Family(String modelType, String className, String architecture, Pairing pairing) {
    this.modelType = modelType;
    this.className = className;
    this.architecture = architecture;
    this.pairing = pairing;
  }

  /// The family of a Hugging Face model.
  static Family ofModelType(ModelConfig model) {
    return find(family -> family.modelType, model);
  }

  /// The family of a GGUF model; Mistral is a Llama there.
  static Family ofArchitecture(ModelConfig model) {
    return find(family -> family.architecture, model);
  }

  private static Family find(Function<Family, String> name, ModelConfig model) {
    Optional<Family> found =
        Arrays.stream(values()).filter(f -> name.apply(f).equals(model.family())).findFirst();
    if (found.isEmpty() || model.feedForward() instanceof FeedForward.Experts) {
      String known = Arrays.stream(values()).map(name).distinct().collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          "models of the family %s are exported in their own format only; converted are %s, without experts"
              .formatted(model.family(), known));
    }
    return found.get();
  }

  /// The model under the name that transformers has for the family.
  ModelConfig named(ModelConfig model) {
    return new ModelConfig(
        modelType,
        model.vocabSize(),
        model.hiddenSize(),
        model.maxLength(),
        model.attention(),
        model.feedForward(),
        model.norm(),
        model.multipliers(),
        model.ropes(),
        model.layers(),
        model.tiedEmbeddings(),
        model.memory());
  }

  /// Fails if llama.cpp's architecture takes the output from elsewhere (`src/models/*.cpp`).
  void requireOutput(ModelConfig model) {
    boolean fixed = this == GEMMA2 || this == OLMO2;
    if (fixed && model.tiedEmbeddings() != (this == GEMMA2)) {
      throw new IllegalArgumentException(
          "llama.cpp's architecture %s takes %s for the output, unlike this model; export it as hf"
              .formatted(architecture, this == GEMMA2 ? "the embedding" : "a tensor of its own"));
    }
  }

  String modelType() {
    return modelType;
  }

  String className() {
    return className;
  }

  String architecture() {
    return architecture;
  }

  Pairing pairing() {
    return pairing;
  }

  /// Whether gains are stored less one by transformers.
  boolean shiftsGains() {
    return this == GEMMA2 || this == GEMMA3;
  }

  /// Whether llama.cpp gives its layers a sliding window.
  boolean slides() {
    return this == GEMMA2 || this == GEMMA3;
  }
}
