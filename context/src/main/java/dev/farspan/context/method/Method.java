package dev.farspan.context.method;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.LayerConfig;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import java.util.ArrayList;
import java.util.List;

/// A context method in force for one model: a frequency policy for each rotary embedding and an
/// attention pattern for the layers with full attention.
///
/// @param name the specification it came from, or what `auto` chose
/// @param policies one for each of [ModelConfig#ropes]
/// @param pattern what the layers without a sliding window of their own see
public record Method(String name, List<FrequencyPolicy> policies, AttentionPattern pattern) {
  /// Copies the list.
  public Method {
    policies = List.copyOf(policies);
  }

  /// Returns what a specification means for a model.
  ///
  /// @param spec the specification
  /// @param model the model
  /// @param length tokens that the request will reach, prompt and continuation; only `auto` reads
  ///   it
  /// @return the method in force
  /// @throws IllegalArgumentException if the method would have no effect on this model, or needs a
  ///   model trained for it
  public static Method resolve(MethodSpec spec, ModelConfig model, int length) {
    return switch (spec.choice()) {
      case MethodSpec.Choice.Auto() -> AutoMethod.choose(model, length);
      case MethodSpec.Choice.Composed composed -> compose(spec.text(), composed, model);
    };
  }

  /// Returns the pattern of a layer: its own sliding window, if it has one, else the method's.
  ///
  /// @param layer the layer
  /// @return what its queries see
  public AttentionPattern patternOf(LayerConfig layer) {
    return layer.window() == LayerConfig.FULL
        ? pattern
        : new AttentionPattern.Window(layer.window());
  }

  static Method compose(String name, MethodSpec.Choice.Composed choice, ModelConfig model) {
    requireEffect(name, choice.pattern(), model);
    List<FrequencyPolicy> policies = new ArrayList<>();
    for (int i = 0; i < model.ropes().size(); i++) {
      FrequencyPolicy carried = model.ropes().get(i).scaling();
      policies.add(
          switch (choice.frequencies()) {
            case Frequencies.File file -> file.apply(carried);
            case Frequencies.Named named -> i == model.mainRopeIndex() ? named.policy() : carried;
          });
    }
    AttentionPattern pattern =
        new TrainedPatterns(name, model)
            .resolve(choice.pattern(), policies.get(model.mainRopeIndex()));
    return new Method(name, policies, pattern);
  }

  private static void requireEffect(String name, AttentionPattern pattern, ModelConfig model) {
    if (!(pattern instanceof AttentionPattern.Full) && !model.hasFullAttention()) {
      throw new IllegalArgumentException(
          "method '"
              + name
              + "' would change nothing: every layer of this "
              + model.family()
              + " model has a sliding window of its own; use a frequency policy or full");
    }
  }
}
