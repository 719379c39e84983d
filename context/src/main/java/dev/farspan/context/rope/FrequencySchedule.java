package dev.farspan.context.rope;

import dev.farspan.context.rope.FrequencyPolicy.LongRope;

/// Which table the token at each position of one sequence is computed under.
///
/// A pure function of the policy, the trained embedding and, in whole-prompt mode, the length of
/// the prompt: never of how the tokens are fed, nor of what ran before.
public final class FrequencySchedule {
  private static final int FOREVER = Integer.MAX_VALUE;

  private final FrequencyPolicy policy;
  private final RopeBase base;
  private final int wholeLength;
  private final int span;

  private FrequencySchedule(FrequencyPolicy policy, RopeBase base, int wholeLength, int span) {
    this.policy = policy;
    this.base = base;
    this.wholeLength = wholeLength;
    // A pattern whose largest distance is L spans L + 1. InfLLM and LM-Infinite are run so by their
    // authors (local and window of 4096 with L = 4096): one distance is no reason to stretch.
    this.span = span == base.trainedLength() + 1 ? base.trainedLength() : span;
  }

  /// Returns the schedule of one sequence.
  ///
  /// @param policy the method
  /// @param base the rotary embedding the model was trained with
  /// @param promptLength tokens in the prompt; a policy with `whole` computes all of them at the
  ///   stage of this length, any other ignores it
  /// @param span longest sequence that the attention pattern lets a query see
  ///   ([dev.farspan.context.attention.AttentionPattern#span]); the table stretches no further, and
  ///   one position beyond the trained length does not count
  /// @return the schedule
  public static FrequencySchedule of(
      FrequencyPolicy policy, RopeBase base, int promptLength, int span) {
    return new FrequencySchedule(policy, base, isWhole(policy) ? promptLength : 0, span);
  }

  /// Returns the schedule of one sequence whose every key may be seen at its true distance.
  ///
  /// @param policy the method
  /// @param base the rotary embedding the model was trained with
  /// @param promptLength tokens in the prompt
  /// @return the schedule
  public static FrequencySchedule of(FrequencyPolicy policy, RopeBase base, int promptLength) {
    return of(policy, base, promptLength, Integer.MAX_VALUE);
  }

  /// Returns the stage of a position: the length whose table its token is computed under.
  ///
  /// @param position zero-based position of the token
  /// @return a length of at least `position + 1`, or of the span if that is less;
  ///   `Integer.MAX_VALUE` where the table stays for good
  public int stage(int position) {
    return stageOf(Math.min(span, Math.max(position + 1, wholeLength)));
  }

  private int stageOf(int length) {
    return switch (policy) {
      case FrequencyPolicy.Dynamic dynamic -> dynamic.stages().stage(length, base.trainedLength());
      case LongRope longRope -> {
        int original = RopeTables.original(longRope.original(), base);
        yield length <= original ? original : FOREVER;
      }
      case FrequencyPolicy.Fixed _ -> FOREVER;
    };
  }

  /// Returns the first position after `position` whose table may differ; feeding is split there.
  ///
  /// @param position zero-based position of a token
  /// @return the end of its stage, exclusive; `Integer.MAX_VALUE` if the table stays
  public int stageEnd(int position) {
    int stage = stage(position);
    // stage(p) is a length, so the token at position stage(p) is the first beyond it.
    return stage == stageOf(span) ? FOREVER : stage;
  }

  /// Returns the table that the token at a position, and every key it reads, is rotated with.
  ///
  /// @param position zero-based position of the token
  /// @return the table in force
  public RopeTable table(int position) {
    return RopeTables.of(policy, base, stage(position));
  }

  private static boolean isWhole(FrequencyPolicy policy) {
    return switch (policy) {
      case FrequencyPolicy.Dynamic dynamic -> dynamic.stages().whole();
      case LongRope longRope -> longRope.whole();
      case FrequencyPolicy.Fixed _ -> false;
    };
  }
}
