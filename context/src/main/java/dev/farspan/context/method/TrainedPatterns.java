package dev.farspan.context.method;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.attention.AttentionPattern.Landmark;
import dev.farspan.context.attention.AttentionPattern.MemoryTokens;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.context.model.TrainedMemory.Summaries;
import dev.farspan.context.rope.FrequencyPolicy;

/// Patterns that only a model trained for them has, with what a request leaves to its checkpoint.
final class TrainedPatterns {
  private final String name;
  private final ModelConfig model;

  TrainedPatterns(String name, ModelConfig model) {
    this.name = name;
    this.model = model;
  }

  /// Returns a pattern as the model was trained for it.
  ///
  /// @param asked what the request says
  /// @param main the frequency policy of the model's main rotary embedding
  /// @throws IllegalArgumentException in one sentence, if the model was not trained for it
  AttentionPattern resolve(AttentionPattern asked, FrequencyPolicy main) {
    if (asked instanceof Landmark landmark) {
      return landmark(landmark);
    }
    return asked instanceof MemoryTokens memory ? memoryTokens(memory, main) : asked;
  }

  private Landmark landmark(Landmark asked) {
    if (model.memory() instanceof Landmarks trained) {
      return asked.of(trained.block());
    }
    throw new IllegalArgumentException(
        "method '%s' needs a model trained with landmarks, and this %s model was not: train it with farspan tune --recipe landmark, or retrieve with infllm"
            .formatted(name, model.family()));
  }

  private MemoryTokens memoryTokens(MemoryTokens asked, FrequencyPolicy main) {
    if (!(model.memory() instanceof Summaries trained)) {
      throw new IllegalArgumentException(
          "method '%s' needs a checkpoint with memory tokens, and this %s model has none: train them with farspan tune --recipe memory-tokens"
              .formatted(name, model.family()));
    }
    if (!main.equals(model.mainRope().scaling())) {
      throw new IllegalArgumentException(
          "method '%s' changes the frequencies that the model's memory tokens were trained under: leave the frequency policy out"
              .formatted(name));
    }
    int keep = asked.keep() == MemoryTokens.TRAINED ? trained.keep() : asked.keep();
    if (keep > trained.keep()) {
      throw new IllegalArgumentException(
          "method '%s' keeps the summaries of %d segments, but the model was trained to read %d: take keep=%d or less"
              .formatted(name, keep, trained.keep(), trained.keep()));
    }
    int segment = asked.segment() == MemoryTokens.TRAINED ? trained.segment() : asked.segment();
    return new MemoryTokens(trained.tokens(), segment, keep);
  }
}
