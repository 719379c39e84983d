package dev.farspan.export;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.method.Method;
import dev.farspan.context.method.MethodReach;
import dev.farspan.context.method.MethodSpec;
import dev.farspan.context.method.MethodSpec.Choice;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.model.TrainedMemory;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.Stages;
import dev.farspan.export.ExportOptions.Inexpressible;
import java.util.List;
import java.util.Optional;

/// What the files say about positions.
///
/// @param policies one for each rotary embedding of the model
/// @param length positions that the files claim
/// @param noted a method that they only name, for Farspan
record CarriedContext(List<FrequencyPolicy> policies, int length, Optional<String> noted) {
  CarriedContext {
    policies = List.copyOf(policies);
  }

  static CarriedContext of(ModelConfig model, ExportOptions options) {
    requireKnownElsewhere(model.memory());
    MethodSpec spec = options.method();
    Optional<String> problem = problem(spec, model);
    if (problem.isPresent() && options.whatIsLeft() == Inexpressible.REFUSED) {
      throw new IllegalArgumentException(
          "method '%s' can't be exported: %s".formatted(spec, problem.get()));
    }
    MethodSpec written = problem.isPresent() ? MethodSpec.parse("file") : spec;
    Method method = Method.resolve(written, model, model.trainedLength());
    return new CarriedContext(
        method.policies(), length(method, model, options.context()), problem.map(_ -> spec.text()));
  }

  private static void requireKnownElsewhere(TrainedMemory memory) {
    String what =
        switch (memory) {
          case TrainedMemory.None _ -> "";
          case TrainedMemory.Landmarks _ -> "landmarks, which no other engine puts into its text";
          case TrainedMemory.Summaries _ ->
              "memory tokens, which no other engine reads after a segment";
        };
    if (!what.isEmpty()) {
      throw new IllegalArgumentException(
          "this model was trained with %s: it can't be exported; run it with Farspan, or export the model it was tuned from"
              .formatted(what));
    }
  }

  /// Whether the files say the same about positions as the model's own.
  boolean isUnchanged(ModelConfig model) {
    return length == model.maxLength()
        && policies.equals(model.ropes().stream().map(RopeConfig::scaling).toList());
  }

  /// Why no file can carry a method, if so.
  private static Optional<String> problem(MethodSpec spec, ModelConfig model) {
    return switch (spec.choice()) {
      case Choice.Auto() ->
          Optional.of(
              "it chooses by the length of the prompt, which no other engine does; name what it"
                  + " chooses, such as yarn:factor=4");
      case Choice.Composed composed when !(composed.pattern() instanceof AttentionPattern.Full) ->
          Optional.of(
              "no format has words for an attention pattern, only for frequencies; other engines"
                  + " would compute full attention");
      case Choice.Composed _ -> {
        Method method = Method.resolve(spec, model, model.trainedLength());
        yield progressive(method.policies().get(model.mainRopeIndex()));
      }
    };
  }

  private static Optional<String> progressive(FrequencyPolicy policy) {
    return switch (policy) {
      case FrequencyPolicy.Dynamic dynamic -> growing(dynamic.stages());
      case FrequencyPolicy.LongRope longRope ->
          longRope.whole() || longRope.shortFactors().equals(longRope.longFactors())
              ? Optional.empty()
              : Optional.of(
                  "each position chooses its factors, but other engines take one set for the whole"
                      + " text; add whole=true");
      case FrequencyPolicy.Fixed _ -> Optional.empty();
    };
  }

  /// Exact stages of the whole prompt are transformers' own; the format says whether it has them.
  private static Optional<String> growing(Stages stages) {
    return stages.equals(Stages.WHOLE_EXACT)
        ? Optional.empty()
        : Optional.of(
            "its table grows with the text, which other engines can't do; take the fixed form, such"
                + " as yarn:factor=4");
  }

  private static int length(Method method, ModelConfig model, int asked) {
    int reach = MethodReach.of(method, model);
    FrequencyPolicy main = method.policies().get(model.mainRopeIndex());
    if (asked == ExportOptions.REACH) {
      if (main instanceof FrequencyPolicy.BaseChange) {
        throw new IllegalArgumentException(
            "a base does not say how long a text it is for: give the length with --context");
      }
      return reach == MethodReach.UNBOUNDED ? model.maxLength() : reach;
    }
    if (asked < model.trainedLength() && !(main instanceof FrequencyPolicy.None)) {
      throw new IllegalArgumentException(
          "a context of %d tokens is less than the %d that the model was trained for, and %s is for more: give a longer context"
              .formatted(asked, model.trainedLength(), method.name()));
    }
    if (asked > reach) {
      throw new IllegalArgumentException(
          "a context of %d tokens is more than %s reaches, which is %d: take a larger factor or a shorter context"
              .formatted(asked, method.name(), reach));
    }
    return asked;
  }
}
