package dev.farspan.context.method;

import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.TrainedMemory.Landmarks;
import dev.farspan.context.rope.FrequencyPolicy;

/// What `auto` means: the base model within its trained length, progressive dynamic YaRN beyond,
/// and streaming past the length that YaRN holds up to.
///
/// A model whose file carries a scaling keeps it up to the length it claims, or, if that scaling is
/// dynamic, up to the same four trained lengths. A model trained with landmarks reads by them.
final class AutoMethod {
  /// How many trained lengths dynamic YaRN is trusted for without training (docs/methods/auto.md).
  static final int YARN_REACH = 4;

  /// Sinks of StreamingLLM (arXiv 2309.17453 section 3.2: four suffice for models without a trained
  /// sink).
  static final int SINKS = 4;

  private AutoMethod() {}

  static Method choose(ModelConfig model, int length) {
    boolean carriesScaling = !(model.mainRope().scaling() instanceof FrequencyPolicy.None);
    if (!model.hasFullAttention()) {
      return compose("file", model);
    }
    if (model.memory() instanceof Landmarks landmarks) {
      return compose(landmark(landmarks, model.trainedLength()), model);
    }
    if (carriesScaling) {
      int reach = MethodReach.ofFile(model);
      return length <= reach ? compose("file", model) : compose(streaming(reach), model);
    }
    if (length <= (long) YARN_REACH * model.trainedLength()) {
      return compose("dynamic-yarn", model);
    }
    return compose("none+" + streaming(model.trainedLength()), model);
  }

  /// One local block and up to two retrieved ones, as the method's defaults, as far as their
  /// distances stay trained beside those of the query's own block and the slot of old ones.
  private static String landmark(Landmarks landmarks, int trainedLength) {
    int blocks = trainedLength / (landmarks.block() + 1);
    int local = blocks < 3 ? 0 : 1;
    int topk = Math.clamp(blocks - 2 - local, 0, 2);
    return "landmark:topk=" + topk + ",local=" + local;
  }

  private static String streaming(int cache) {
    int sinks = Math.min(SINKS, cache - 1);
    return "streaming:sinks=" + sinks + ",window=" + (cache - sinks);
  }

  private static Method compose(String text, ModelConfig model) {
    MethodSpec spec = MethodSpec.parse(text);
    return switch (spec.choice()) {
      case MethodSpec.Choice.Auto() -> throw new IllegalStateException("auto names no method");
      case MethodSpec.Choice.Composed composed -> Method.compose(text, composed, model);
    };
  }
}
