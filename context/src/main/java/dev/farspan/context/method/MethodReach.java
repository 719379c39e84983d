package dev.farspan.context.method;

import dev.farspan.context.attention.AttentionPattern;
import dev.farspan.context.model.ModelConfig;
import dev.farspan.context.model.RopeConfig;
import dev.farspan.context.rope.FrequencyPolicy;
import dev.farspan.context.rope.RopeTables;

/// How many tokens a method is meant for, so that a longer prompt is reported and not just run.
public final class MethodReach {
  /// A method that is not bounded by a length.
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  private MethodReach() {}

  /// Returns the longest sequence whose relative positions the method keeps inside what the model's
  /// frequencies were trained or stretched for.
  ///
  /// @param method the method in force
  /// @param model the model
  /// @return tokens, or [#UNBOUNDED]
  public static int of(Method method, ModelConfig model) {
    if (!model.hasFullAttention()) {
      return UNBOUNDED;
    }
    int index = model.mainRopeIndex();
    // Bounded here, because the patterns multiply it.
    long distance =
        Math.min(
            UNBOUNDED, distance(method.policies().get(index), model.ropes().get(index), model));
    return (int) Math.min(UNBOUNDED, length(method.pattern(), distance));
  }

  /// Returns how long the file's own scaling holds: the length it claims, or, for a dynamic one, as
  /// many trained lengths as dynamic YaRN is trusted for.
  static int ofFile(ModelConfig model) {
    long length =
        switch (model.mainRope().scaling()) {
          case FrequencyPolicy.Dynamic _ -> (long) AutoMethod.YARN_REACH * model.trainedLength();
          case FrequencyPolicy.Fixed _, FrequencyPolicy.LongRope _ ->
              Math.max(model.maxLength(), model.trainedLength());
        };
    return (int) Math.min(Integer.MAX_VALUE, length);
  }

  /// Largest relative position the frequencies are good for.
  private static long distance(FrequencyPolicy policy, RopeConfig rope, ModelConfig model) {
    int trained = rope.base().trainedLength();
    if (policy.equals(rope.scaling()) && !(policy instanceof FrequencyPolicy.None)) {
      return ofFile(model);
    }
    return switch (policy) {
      case FrequencyPolicy.None _ -> trained;
      case FrequencyPolicy.Linear(double factor) -> (long) (trained * factor);
      case FrequencyPolicy.Ntk(double factor) -> (long) (trained * factor);
      case FrequencyPolicy.NtkByParts parts -> (long) (trained * parts.factor());
      case FrequencyPolicy.Yarn yarn ->
          (long) (RopeTables.original(yarn.original(), rope.base()) * yarn.factor());
      case FrequencyPolicy.Llama3 llama3 ->
          (long) (RopeTables.original(llama3.original(), rope.base()) * llama3.factor());
      case FrequencyPolicy.LongRope longRope ->
          (long) (RopeTables.original(longRope.original(), rope.base()) * longRope.factor());
      // Divisors come from a file only, so the policy above has been the file's own.
      case FrequencyPolicy.Divisors _ -> Math.max(model.maxLength(), trained);
      case FrequencyPolicy.BaseChange _, FrequencyPolicy.Dynamic _ -> UNBOUNDED;
    };
  }

  /// Longest sequence whose relative positions stay below `distance`; under a pattern that is
  /// bounded by a largest distance, not a number of keys, at most `distance`: InfLLM and
  /// LM-Infinite are run so by their authors ([dev.farspan.context.rope.FrequencySchedule] counts
  /// as this does).
  private static long length(AttentionPattern pattern, long distance) {
    return switch (pattern) {
      case AttentionPattern.Full _ -> distance;
      case AttentionPattern.Window(int size) -> bounded(size, distance);
      case AttentionPattern.WindowRecompute(int size) -> bounded(size, distance);
      case AttentionPattern.Streaming(int sinks, int window) ->
          bounded((long) sinks + window, distance);
      // (L - w) * G + w (arXiv 2401.01325 section 3.2), where the pattern rounds w / G down.
      case AttentionPattern.SelfExtend(int group, int window) ->
          window >= distance ? distance : (distance - window + window / group) * group;
      case AttentionPattern.LeakyReRope(int window, double k) -> stretched(window, k, distance);
      case AttentionPattern.ReRope rerope -> bounded(rerope.window(), distance);
      case AttentionPattern.LmInfinite lm -> bounded(lm.window(), distance);
      case AttentionPattern.DualChunk dual -> bounded(dual.chunk(), distance);
      case AttentionPattern.InfLlm infLlm -> bounded(infLlm.local(), distance);
      case AttentionPattern.MemoryTokens memory -> bounded(memory.span(), distance);
      case AttentionPattern.SoftPrompt prompt -> bounded(prompt.reach(), distance);
      // Distances count landmarks, lengths do not.
      case AttentionPattern.Landmark landmark ->
          landmark.span() <= distance ? UNBOUNDED : distance - distance / landmark.width();
    };
  }

  private static long bounded(long largestPosition, long distance) {
    return largestPosition <= distance ? UNBOUNDED : distance;
  }

  private static long stretched(int window, double step, long distance) {
    return window >= distance
        ? distance
        : (long) Math.min(UNBOUNDED, (distance - window) * step + window);
  }
}
